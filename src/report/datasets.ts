import type { VegaLiteSpec } from '../figures/index.ts';
import { mapLayers, mapPanels, type Row } from './walk-spec.ts';

/** Rows as columns, a fraction of the size of named objects; the page's script makes rows of them again. */
export type PackedRows =
  | {
      readonly fields: readonly string[];
      /** Numbers, or of a field of `levels` places in its list; null for nothing. */
      readonly columns: readonly (readonly (number | null)[])[];
      readonly levels: Readonly<Record<string, readonly unknown[]>>;
    }
  /** The rows of other ones, one after the other. */
  | { readonly union: readonly string[] };

/** Lists of rows leave the spec for `datasets`, each of them once. */
export function withPackedData(spec: VegaLiteSpec): VegaLiteSpec {
  const names = new Map<string, string>();
  const datasets: Record<string, PackedRows> = {};
  const nameOf = (packed: PackedRows): string => {
    const key = JSON.stringify(packed);
    const name = names.get(key) ?? `rows${names.size}`;
    if (!names.has(key)) {
      names.set(key, name);
      datasets[name] = packed;
    }
    return name;
  };
  const named = mapPanels(spec, (panel) =>
    mapLayers(panel, (layer) => {
      const { values, parts } = layer.data ?? {};
      if (parts !== undefined) {
        const union = parts.map((rows) => nameOf(packedRows(rows)));
        return { ...layer, data: { name: union.length === 1 ? union[0]! : nameOf({ union }) } };
      }
      return values === undefined ? layer : { ...layer, data: { name: nameOf(packedRows(values)) } };
    }),
  );
  return { ...named, datasets };
}

export function packedRows(rows: readonly Row[]): PackedRows {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const levels: Record<string, readonly unknown[]> = {};
  const columns = fields.map((field) => {
    const values = rows.map((row) => row[field] ?? null);
    if (values.every((value) => value === null || typeof value === 'number'))
      return values as (number | null)[];
    const found = [...new Set(values)];
    const places = new Map(found.map((value, i) => [value, i]));
    levels[field] = found;
    return values.map((value) => places.get(value)!);
  });
  return { fields, columns, levels };
}
