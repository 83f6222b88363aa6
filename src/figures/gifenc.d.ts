/** The part of gifenc that is used. */
declare module 'gifenc' {
  /** Red, green and blue, 0 to 255. */
  type Color = readonly [number, number, number];

  interface FrameOptions {
    /** All frames use that of the first where it is left out. */
    readonly palette?: readonly Color[];
    /** Milliseconds. */
    readonly delay?: number;
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    /** 1: the next frame is drawn over this one. */
    readonly dispose?: number;
    /** 0: forever. */
    readonly repeat?: number;
  }

  interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, options?: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
  }

  const gifenc: {
    GIFEncoder(): Encoder;
    quantize(rgba: Uint8Array | Uint8ClampedArray, colors: number): Color[];
    applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: readonly Color[]): Uint8Array;
  };
  export = gifenc;
}
