/** A file of the Python package index, pinned; sizes in bytes, `unpacked` counting only what is kept. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly download: number;
  readonly unpacked: number;
}

/** The wheels of one flavour on one processor, and the platform tags that they carry. */
export interface WheelSet {
  readonly platforms: readonly string[];
  /** TensorFlow itself in front. */
  readonly wheels: readonly Wheel[];
}

export const tensorflowVersion = '2.21.0';

/** The wheels are built for a certain Python each; their C++ libraries are the same for all. */
export const pythonTag = { version: '3.11', abi: 'cp311' } as const;

const wheel = (name: string, version: string, download: number, unpacked: number, sha256: string): Wheel => ({
  name,
  version,
  sha256,
  download,
  unpacked,
});

// biome-ignore format: one wheel, one line
const cpuX64 = [
  wheel('tensorflow-cpu', tensorflowVersion, 273_829_956, 853_308_936, '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c'),
];

// biome-ignore format: one wheel, one line
const cpuArm64 = [
  wheel('tensorflow', tensorflowVersion, 281_828_020, 883_062_208, '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c'),
];

/** What pip resolves `tensorflow[and-cuda]` to. */
// biome-ignore format: one wheel, one line
const cudaX64 = [
  wheel('tensorflow', tensorflowVersion, 572_440_367, 1_259_021_080, '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124'),
  wheel('nvidia-cublas-cu12', '12.9.3.13', 581_217_458, 855_064_416, 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'),
  wheel('nvidia-cuda-cupti-cu12', '12.9.79', 10_814_997, 43_365_768, '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f'),
  wheel('nvidia-cuda-nvcc-cu12', '12.9.86', 40_546_229, 97_998_760, '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0'),
  wheel('nvidia-cuda-nvrtc-cu12', '12.9.86', 89_568_129, 227_340_992, '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'),
  wheel('nvidia-cuda-runtime-cu12', '12.9.79', 3_493_179, 741_088, '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3'),
  wheel('nvidia-cudnn-cu12', '9.28.0.42', 716_538_495, 1_162_393_472, '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'),
  wheel('nvidia-cufft-cu12', '11.4.1.4', 200_877_592, 293_609_416, 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'),
  wheel('nvidia-curand-cu12', '10.3.10.19', 68_295_626, 166_965_432, '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'),
  wheel('nvidia-cusolver-cu12', '11.7.5.82', 338_117_415, 494_975_064, '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88'),
  wheel('nvidia-cusparse-cu12', '12.5.10.65', 366_465_088, 486_556_368, '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78'),
  wheel('nvidia-nccl-cu12', '2.32.3', 351_526_311, 489_653_380, 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'),
  wheel('nvidia-nvjitlink-cu12', '12.9.86', 39_748_338, 95_935_344, 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'),
];

const x64Platforms = [
  'manylinux_2_27',
  'manylinux_2_25',
  'manylinux_2_17',
  'manylinux2014',
  'manylinux_2_12',
];

const wheelSets: Readonly<Record<string, WheelSet>> = {
  'cpu linux x64': { platforms: ['manylinux_2_27_x86_64'], wheels: cpuX64 },
  'cpu linux arm64': { platforms: ['manylinux_2_27_aarch64'], wheels: cpuArm64 },
  'cuda linux x64': { platforms: x64Platforms.map((tag) => `${tag}_x86_64`), wheels: cudaX64 },
};

/** `undefined` where there are no wheels for this machine. */
export function wheelsFor(
  flavour: 'cpu' | 'cuda',
  { platform, arch }: { platform: string; arch: string } = process,
): WheelSet | undefined {
  return wheelSets[`${flavour} ${platform} ${arch}`];
}

export const totalBytes = ({ wheels }: WheelSet, what: 'download' | 'unpacked'): number =>
  wheels.reduce((sum, each) => sum + each[what], 0);
