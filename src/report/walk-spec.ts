import type { VegaLiteSpec } from '../figures/index.ts';

/** A part of a Vega-Lite spec that has marks: a unit, or the layers of a unit. */
export type Unit = Record<string, unknown> & {
  /** `parts`: several lists of rows, one after the other. */
  data?: { values?: readonly Row[]; parts?: readonly (readonly Row[])[]; name?: string };
  transform?: readonly object[];
  mark?: string | ({ type: string } & Record<string, unknown>);
  encoding?: Readonly<Record<string, Channel>>;
  layer?: readonly Unit[];
};

export type Row = Readonly<Record<string, unknown>>;

export interface Channel {
  readonly field?: string;
  readonly type?: string;
  readonly title?: string | null;
  readonly datum?: unknown;
  readonly value?: unknown;
  readonly legend?: unknown;
  readonly scale?: { readonly type?: string; readonly domain?: readonly unknown[]; readonly range?: unknown };
}

/** The spec with each panel replaced: whatever stands in a concatenation or facet and is none itself. */
export function mapPanels(spec: VegaLiteSpec, change: (panel: Unit) => Unit): VegaLiteSpec {
  for (const key of ['vconcat', 'hconcat', 'concat'] as const) {
    const parts = spec[key] as readonly VegaLiteSpec[] | undefined;
    if (parts !== undefined) return { ...spec, [key]: parts.map((part) => mapPanels(part, change)) };
  }
  if (spec.spec !== undefined) return { ...spec, spec: mapPanels(spec.spec as VegaLiteSpec, change) };
  return change(spec as Unit);
}

/** The units of a panel that have a mark. */
export function layersOf(panel: Unit): Unit[] {
  return panel.layer === undefined ? [panel] : panel.layer.flatMap(layersOf);
}

export function mapLayers(panel: Unit, change: (layer: Unit) => Unit): Unit {
  return panel.layer === undefined
    ? change(panel)
    : { ...panel, layer: panel.layer.map((layer) => mapLayers(layer, change)) };
}

export const markType = ({ mark }: Unit): string | undefined =>
  typeof mark === 'string' ? mark : mark?.type;
