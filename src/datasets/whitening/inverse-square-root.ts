/** Called now and then with the part that is done; may give way to the event loop, or throw to end the work. */
export type Tick = (done: number) => Promise<void>;

/**
 * (A + epsilon I)^(-1/2) for a symmetric matrix A without negative eigenvalues, in float64.
 *
 * A becomes tridiagonal by Householder reflections, A = Q T Q' (Golub & Van Loan, section 8.3). For T no eigenvalues
 * are needed: x^(-1/2) is 2/pi times the integral of e^s / (x + e^(2s)) over all s, whose trapezoidal sum converges
 * exponentially, and each (T + e^(2s) I)^(-1) costs n^2 operations. Then Q (..) Q' is taken, again by reflections. All in
 * all about 4 n^3 operations, a tenth of what a full eigendecomposition takes.
 *
 * @param matrix A, shape [n, n]; overwritten.
 */
export async function inverseSquareRoot(
  matrix: Float64Array,
  n: number,
  epsilon: number,
  tick: Tick = async () => {},
): Promise<Float64Array> {
  for (let i = 0; i < n; i++) matrix[i * n + i]! += epsilon;
  const factors = await tridiagonalize(matrix, n, (done) => tick(0.35 * done));
  const root = tridiagonalInverseSquareRoot(factors, epsilon);
  await reflectBack(root, factors, (done) => tick(0.4 + 0.6 * done));
  return root;
}

interface Tridiagonal {
  readonly n: number;
  readonly diagonal: Float64Array;
  /** `beside[i]` stands at [i, i + 1] and [i + 1, i]. */
  readonly beside: Float64Array;
  /** Reflection k is I - v v', with v of length n - k - 1 for the last n - k - 1 axes; v'v is 2, or 0 for none. */
  readonly reflections: readonly Float64Array[];
}

/** Rows of one matrix between two calls of `tick`. */
const ROWS_AT_ONCE = 30;

async function tridiagonalize(a: Float64Array, n: number, tick: Tick): Promise<Tridiagonal> {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(Math.max(0, n - 1));
  const reflections: Float64Array[] = [];
  for (let k = 0; k < n - 1; k++) {
    if (k % ROWS_AT_ONCE === 0) await tick(1 - ((n - k) / n) ** 3);
    diagonal[k] = a[k * n + k]!;
    const v = a.slice(k * n + k + 1, (k + 1) * n);
    beside[k] = reflector(v);
    reflections.push(v);
    reflect(a, n, k + 1, v);
  }
  diagonal[n - 1] = a[n * n - 1]!;
  return { n, diagonal, beside, reflections };
}

/** Turns x into the v of the reflection that maps it to (b, 0, ..., 0); returns b. */
function reflector(x: Float64Array): number {
  const tail = x.subarray(1).reduce((sum, value) => sum + value * value, 0);
  const first = x[0]!;
  if (tail === 0) {
    x.fill(0);
    return first;
  }
  const length = Math.hypot(first, Math.sqrt(tail));
  const mapped = first > 0 ? -length : length;
  x[0] = first - mapped;
  const scale = Math.sqrt(2 / (tail + x[0] ** 2));
  for (let i = 0; i < x.length; i++) x[i]! *= scale;
  return mapped;
}

/** H B H for the block B of the last axes from [start, start] on, H = I - v v'. */
function reflect(a: Float64Array, n: number, start: number, v: Float64Array): void {
  const w = product(a, n, start, v);
  const overlap = w.reduce((sum, value, i) => sum + value * v[i]!, 0);
  for (let i = 0; i < w.length; i++) w[i]! -= (overlap / 2) * v[i]!;
  subtractProducts(a, n, start, v, w);
}

/** B v; four rows at a time, which takes a third of the time of one by one. */
function product(a: Float64Array, n: number, start: number, v: Float64Array): Float64Array {
  const size = v.length;
  const result = new Float64Array(size);
  const last = size - 1;
  for (let i = 0; i < size; i += 4) {
    // Behind the last row it is taken again.
    const rows = [i, Math.min(i + 1, last), Math.min(i + 2, last), Math.min(i + 3, last)] as const;
    const [r0, r1, r2, r3] = rows.map((row) => (start + row) * n + start) as [number, number, number, number];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = 0; j < size; j++) {
      const x = v[j]!;
      s0 += a[r0 + j]! * x;
      s1 += a[r1 + j]! * x;
      s2 += a[r2 + j]! * x;
      s3 += a[r3 + j]! * x;
    }
    result[rows[3]] = s3;
    result[rows[2]] = s2;
    result[rows[1]] = s1;
    result[i] = s0;
  }
  return result;
}

/** B - v w' - w v'; two rows at a time for the same reason. */
function subtractProducts(a: Float64Array, n: number, start: number, v: Float64Array, w: Float64Array): void {
  const size = v.length;
  let i = 0;
  for (; i + 1 < size; i += 2) {
    const r0 = (start + i) * n + start;
    const r1 = r0 + n;
    const [v0, w0, v1, w1] = [v[i]!, w[i]!, v[i + 1]!, w[i + 1]!];
    for (let j = 0; j < size; j++) {
      const x = v[j]!;
      const y = w[j]!;
      a[r0 + j]! -= v0 * y + w0 * x;
      a[r1 + j]! -= v1 * y + w1 * x;
    }
  }
  if (i === size) return;
  const row = (start + i) * n + start;
  for (let j = 0; j < size; j++) a[row + j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
}

/**
 * Of the sum: the distance between two points s, and how far behind the outermost ln(sqrt(eigenvalue)) it ends. Both
 * leave out less than 1e-10 of the result: exp(-pi^2 / STEP) and exp(-REACH).
 */
const STEP = 0.42;
const REACH = 23.5;

/** T^(-1/2), lower triangle; all eigenvalues of T are at least `least`. */
function tridiagonalInverseSquareRoot({ n, diagonal, beside }: Tridiagonal, least: number): Float64Array {
  const off = (i: number) => Math.abs(beside[i] ?? 0);
  // Gershgorin's bound.
  const most = diagonal.reduce((max, d, i) => Math.max(max, d + off(i) + off(i - 1)), least);
  const result = new Float64Array(n * n);
  const from = Math.log(least) / 2 - REACH;
  const points = Math.ceil((Math.log(most) / 2 + REACH - from) / STEP);
  for (let point = 0; point <= points; point++) {
    const x = Math.exp(from + point * STEP);
    addResolvent(result, { n, diagonal, beside }, x * x, (2 / Math.PI) * STEP * x);
  }
  return result;
}

/** Adds weight (T + shift I)^(-1) to the lower triangle: the inverse follows from the pivots of both eliminations. */
function addResolvent(
  result: Float64Array,
  { n, diagonal, beside }: Omit<Tridiagonal, 'reflections'>,
  shift: number,
  weight: number,
): void {
  const downward = new Float64Array(n);
  const upward = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    downward[i] = diagonal[i]! + shift - (i === 0 ? 0 : beside[i - 1]! ** 2 / downward[i - 1]!);
  }
  for (let i = n - 1; i >= 0; i--) {
    upward[i] = diagonal[i]! + shift - (i === n - 1 ? 0 : beside[i]! ** 2 / upward[i + 1]!);
  }
  const ratios = downward.map((pivot, i) => -(beside[i] ?? 0) / pivot);
  for (let row = 0; row < n; row++) {
    let value = weight / (downward[row]! + upward[row]! - diagonal[row]! - shift);
    const negligible = Math.abs(value) * 1e-17;
    for (let column = row; column >= 0 && Math.abs(value) > negligible; column--) {
      result[row * n + column]! += value;
      value *= column === 0 ? 0 : ratios[column - 1]!;
    }
  }
}

/** Q F Q' for F given by its lower triangle; all of the result is filled in. */
async function reflectBack(f: Float64Array, { n, reflections }: Tridiagonal, tick: Tick): Promise<void> {
  for (let k = n - 2; k >= 0; k--) {
    if (k % ROWS_AT_ONCE === 0) await tick(1 - k / n);
    const v = reflections[k]!;
    const start = k + 1;
    // The block's upper triangle is filled in as far as it grows.
    for (let i = start + 1; i < n; i++) f[start * n + i] = f[i * n + start]!;
    reflect(f, n, start, v);
    reflectRows(f, n, start, v);
  }
  for (let i = 1; i < n; i++) f[i] = f[i * n]!;
}

/** H B for the block B of the rows from `start` on and the columns before it. */
function reflectRows(f: Float64Array, n: number, start: number, v: Float64Array): void {
  const sums = new Float64Array(start);
  for (let i = 0; i < v.length; i++) {
    const row = (start + i) * n;
    const vi = v[i]!;
    for (let j = 0; j < start; j++) sums[j]! += vi * f[row + j]!;
  }
  for (let i = 0; i < v.length; i++) {
    const row = (start + i) * n;
    const vi = v[i]!;
    for (let j = 0; j < start; j++) f[row + j]! -= vi * sums[j]!;
  }
}
