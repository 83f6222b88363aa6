/** A small assembler: WebAssembly modules of one function on an imported memory, as bytes. */

/** Instructions as the bytes that encode them (SIMD instructions have the prefix 0xfd and a LEB128 number). */
export const instruction = {
  loop: [0x03, 0x40],
  end: [0x0b],
  branchIf: [0x0d],
  localGet: [0x20],
  localSet: [0x21],
  localTee: [0x22],
  i32Const: [0x41],
  i32LessUnsigned: [0x49],
  i32Add: [0x6a],
  i32ShiftLeft: [0x74],
  v128Load: [0xfd, 0x00],
  v128Load32Splat: [0xfd, 0x09],
  v128Store: [0xfd, 0x0b],
  v128Const: [0xfd, 0x0c],
  v128And: [0xfd, 0x4e],
  v128AndNot: [0xfd, 0x4f],
  v128Or: [0xfd, 0x50],
  v128BitSelect: [0xfd, 0x52],
  f32x4NotEqual: [0xfd, 0x42],
  f32x4Less: [0xfd, 0x43],
  f32x4Greater: [0xfd, 0x44],
  f32x4Abs: [0xfd, 0xe0, 0x01],
  f32x4Negate: [0xfd, 0xe1, 0x01],
  f32x4Sqrt: [0xfd, 0xe3, 0x01],
  f32x4Add: [0xfd, 0xe4, 0x01],
  f32x4Subtract: [0xfd, 0xe5, 0x01],
  f32x4Multiply: [0xfd, 0xe6, 0x01],
  f32x4Divide: [0xfd, 0xe7, 0x01],
  f32x4Minimum: [0xfd, 0xe8, 0x01],
  f32x4Maximum: [0xfd, 0xe9, 0x01],
  f32x4RelaxedMultiplyAdd: [0xfd, 0x85, 0x02],
} as const;

/** An unsigned number as LEB128. */
export function unsigned(n: number): number[] {
  const bytes: number[] = [];
  for (let rest = n; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** A signed 32-bit number as LEB128. */
export function signed(n: number): number[] {
  const bytes: number[] = [];
  for (let rest = n | 0; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 0x7f];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

export const localGet = (local: number): number[] => [...instruction.localGet, ...unsigned(local)];
export const localSet = (local: number): number[] => [...instruction.localSet, ...unsigned(local)];
export const localTee = (local: number): number[] => [...instruction.localTee, ...unsigned(local)];
export const i32Const = (n: number): number[] => [...instruction.i32Const, ...signed(n)];
/** Alignment (as a power of two) and offset of a load or store. */
export const memoryArgument = (alignment: number, offset = 0): number[] => [
  ...unsigned(alignment),
  ...unsigned(offset),
];

/** The bits of a number in float32, in memory order. */
export const float32Bytes = (value: number): number[] => [
  ...new Uint8Array(new Float32Array([value]).buffer),
];

/** The same number in all four lanes. */
export function f32x4Const(value: number): number[] {
  const lane = float32Bytes(value);
  return [...instruction.v128Const, ...lane, ...lane, ...lane, ...lane];
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const text = (s: string): number[] => vector([...new TextEncoder().encode(s)].map((byte) => [byte]));
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

const type = { i32: 0x7f, v128: 0x7b, function: 0x60 } as const;

export interface FunctionCode {
  /** The name of the export. */
  readonly name: string;
  /** All parameters are i32; they are the first locals. */
  readonly parameters: number;
  /** Further locals: first those of i32, then those of v128. */
  readonly i32Locals: number;
  readonly v128Locals: number;
  /** Without the closing `end`. */
  readonly body: readonly number[];
}

/** A module with one function without result that works on the memory imported as `env.memory`. */
export function functionModule({ name, parameters, i32Locals, v128Locals, body }: FunctionCode): Uint8Array {
  const signature = [
    type.function,
    ...vector(new Array<number[]>(parameters).fill([type.i32])),
    ...vector([]),
  ];
  const memoryImport = [...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(0)];
  const code = [
    ...vector([
      [...unsigned(i32Locals), type.i32],
      [...unsigned(v128Locals), type.v128],
    ]),
    ...body,
    ...instruction.end,
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([signature])),
    ...section(2, vector([memoryImport])),
    ...section(3, vector([unsigned(0)])),
    ...section(7, vector([[...text(name), 0x00, ...unsigned(0)]])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
}
