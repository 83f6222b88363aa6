// Draws one figure: fits its panels to the room there is, in the colours of the page, with the y axis that is asked for.
// The figure comes as Vega-Lite; its parameters `hidden` and `paper` say what is not shown.

/** Below this width panels stand one below the other. */
const narrow = 560;
const passes = 3;
/** A panel and its caption should fit on a screen. */
const tallest = 440;

/** @returns {Promise<{ view: object, finalize: () => void }>} as vega-embed's. */
async function drawFigure(
  element,
  { spec, dark, description, keepsShape },
  { scale, hidden, paper, isDark },
) {
  const room = element.clientWidth;
  let plan = panelPlan(spec, room, keepsShape);
  let result;
  for (let pass = 0; pass < passes; pass++) {
    result?.finalize();
    const fitted = inColours(withScale(plan.spec(), scale), isDark ? dark : {});
    result = await vegaEmbed(
      element,
      {
        ...fitted,
        description,
        background: 'transparent',
        config: themed(fitted.config, { isDark, isNarrow: room < narrow }),
        padding: 4,
      },
      {
        mode: 'vega-lite',
        renderer: 'svg',
        actions: false,
        // Vega's own interpreter of expressions: the page forbids code made from text.
        ast: true,
        defaultStyle: false,
        tooltip: { theme: 'page', disableDefaultStyle: true },
      },
    );
    const drawn = element.querySelector('svg').width.baseVal.value;
    const excess = drawn - room;
    if (excess <= 0 && (excess > -6 || plan.isTallest)) break;
    plan = plan.less(excess);
  }
  await result.view.signal('hidden', hidden).signal('paper', paper).runAsync();
  return result;
}

/** The spec with rows as objects, which came as columns. */
function unpacked(content) {
  const { datasets } = content.spec;
  const rowsOf = (name) => {
    const { union, fields, columns, levels } = datasets[name];
    if (union) return union.flatMap(rowsOf);
    return (columns[0] ?? []).map((_, i) => {
      const row = {};
      fields.forEach((field, k) => {
        const value = columns[k][i];
        if (value !== null) row[field] = levels[field] ? levels[field][value] : value;
      });
      return row;
    });
  };
  const rows = Object.fromEntries(Object.keys(datasets).map((name) => [name, rowsOf(name)]));
  return { ...content, spec: { ...content.spec, datasets: rows } };
}

/** How wide each panel is, and the spec with panels of that width; what keeps its shape is no wider than its height allows. */
function panelPlan(spec, room, keepsShape) {
  const across = room < narrow ? 1 : panelsAcross(spec);
  const widest = keepsShape ? Math.floor(tallest / ratioOf(spec)) : Number.POSITIVE_INFINITY;
  const plan = (wanted) => {
    const width = Math.max(120, Math.min(widest, wanted));
    return {
      spec: () => resized(spec, width, { single: across === 1, keepsShape }),
      less: (excess) => plan(Math.floor(width - excess / across)),
      isTallest: width === widest,
    };
  };
  return plan(Math.floor(room / across) - 70);
}

/** Height of the first panel in units of its width. */
function ratioOf(spec) {
  const [part] = spec.vconcat ?? spec.hconcat ?? spec.concat ?? [spec.spec];
  if (part) return ratioOf(part);
  return typeof spec.height === 'number' && typeof spec.width === 'number' ? spec.height / spec.width : 0.7;
}

function panelsAcross(spec) {
  if (spec.hconcat) return spec.hconcat.length;
  if (spec.concat) return Math.min(spec.columns ?? spec.concat.length, spec.concat.length);
  if (spec.vconcat) return Math.max(...spec.vconcat.map(panelsAcross));
  return spec.facet && spec.spec ? (spec.columns ?? 1) : 1;
}

function resized(spec, width, how) {
  if (Array.isArray(spec)) return spec.map((part) => resized(part, width, how));
  if (spec.hconcat && how.single) {
    const { hconcat, ...rest } = spec;
    return { ...rest, vconcat: resized(hconcat, width, how) };
  }
  for (const key of ['vconcat', 'hconcat', 'concat', 'spec']) {
    if (!spec[key]) continue;
    const parts = resized(spec[key], width, how);
    if (!how.single || !spec.columns) return { ...spec, [key]: parts };
    return { ...spec, columns: 1, [key]: key === 'concat' ? labelled(parts) : parts };
  }
  if (typeof spec.width !== 'number') return spec;
  const part = how.keepsShape ? withMarksOf(spec, (width / spec.width) ** 2) : spec;
  return { ...part, width, height: Math.round(Math.min(width * ratioOf(spec), tallest)) };
}

/** Panels that leave the labels of the y axis to their left neighbour have them themselves where there is none. */
function labelled(panels) {
  let title;
  const change = (part) => {
    if (part.layer) return { ...part, layer: part.layer.map(change) };
    const y = part.encoding?.y;
    if (y?.axis?.labels !== false) {
      title = y?.title ?? title;
      return part;
    }
    const own = { ...y, title: y.title ?? title, axis: { ...y.axis, labels: true } };
    return { ...part, encoding: { ...part.encoding, y: own } };
  };
  return panels.map(change);
}

/** Rings on the cells of a map grow with them; `share` is that of the area. */
function withMarksOf(spec, share) {
  if (spec.layer) return { ...spec, layer: spec.layer.map((layer) => withMarksOf(layer, share)) };
  const { mark } = spec;
  return mark?.type === 'point' && mark.size > 100
    ? { ...spec, mark: { ...mark, size: mark.size * share } }
    : spec;
}

/** With linear or logarithmic y axes; `drawn` leaves them as they are. */
function withScale(spec, scale) {
  if (scale === 'drawn') return spec;
  const change = (part) => {
    if (Array.isArray(part)) return part.map(change);
    const inner = Object.fromEntries(
      ['vconcat', 'hconcat', 'concat', 'spec', 'layer']
        .filter((key) => part[key])
        .map((key) => [key, change(part[key])]),
    );
    const y = part.encoding?.y;
    if (!y?.field || y.type !== 'quantitative') return { ...part, ...inner };
    const { axis: _axis, ...rest } = y;
    const domain = y.scale?.domain;
    const isLog = scale === 'log';
    const from = isLog && domain && domain[0] <= 0 ? leastPositive(spec, part, y.field) : domain?.[0];
    return {
      ...part,
      ...inner,
      transform: [
        ...(part.transform ?? []),
        ...(isLog ? [{ filter: `datum[${JSON.stringify(y.field)}] > 0` }] : []),
      ],
      encoding: {
        ...part.encoding,
        y: {
          ...rest,
          axis: isLog ? { format: '~g', tickCount: 6, labelOverlap: 'greedy' } : {},
          scale: { ...y.scale, type: scale, zero: false, ...(domain ? { domain: [from, domain[1]] } : {}) },
        },
      },
    };
  };
  return change(spec);
}

/** A logarithmic axis cannot begin at 0: it begins at the least value there is. */
function leastPositive(spec, part, field) {
  const values = (spec.datasets[part.data?.name] ?? []).map((row) => row[field]).filter((value) => value > 0);
  return values.length === 0 ? 1e-3 : values.reduce((a, b) => Math.min(a, b));
}

/** Colours replaced wherever one stands alone. */
function inColours(spec, colours) {
  if (typeof spec === 'string') return colours[spec] ?? spec;
  if (Array.isArray(spec)) return spec.map((part) => inColours(part, colours));
  if (spec === null || typeof spec !== 'object') return spec;
  return Object.fromEntries(
    Object.entries(spec).map(([key, value]) => [key, key === 'datasets' ? value : inColours(value, colours)]),
  );
}

function themed(config, { isDark, isNarrow }) {
  const [ink, faint, line] = isDark ? ['#d6d6d6', '#3a3d42', '#8a8f98'] : ['#333333', '#e6e6e6', '#8a8a8a'];
  const font = getComputedStyle(document.body).fontFamily;
  return {
    ...config,
    font,
    axis: {
      ...config?.axis,
      ...{ labelColor: ink, titleColor: ink, gridColor: faint, domainColor: line, tickColor: line },
    },
    title: { ...config?.title, color: ink },
    header: { labelColor: ink, titleColor: ink },
    legend: {
      ...config?.legend,
      ...{ labelColor: ink, titleColor: ink },
      ...(isNarrow ? { layout: { bottom: { direction: 'vertical', anchor: 'start' } } } : {}),
    },
    text: { color: ink },
    view: { stroke: line },
  };
}

globalThis.drawing = { drawFigure, panelPlan, unpacked };
