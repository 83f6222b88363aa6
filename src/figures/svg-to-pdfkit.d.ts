/** The part of svg-to-pdfkit that is used. */
declare module 'svg-to-pdfkit' {
  interface Options {
    /** Size in points; default: that of the page. */
    readonly width?: number;
    readonly height?: number;
    /** Name of a registered font. */
    readonly fontCallback?: (family: string, bold: boolean, italic: boolean) => string;
    readonly warningCallback?: (warning: string) => void;
  }

  function SVGtoPDF(document: PDFKit.PDFDocument, svg: string, x: number, y: number, options?: Options): void;

  export = SVGtoPDF;
}
