import { exp4, logOfNormal4, sigmoid4, softKink4 } from './functions';
import { map2, map3 } from './maps';
import { bytes, firstLanes, horizontalMax, horizontalSum, splat, storeEnd } from './vector';

/**
 * Costs on logits. Labels are whole numbers of 1 (uint8) or 4 (int32) bytes; one that is no class gives the cost NaN,
 * and a gradient without it.
 */

// @ts-ignore: decorator
@inline
function labelOf(labels: usize, row: i32, labelBytes: i32): i32 {
  return labelBytes == 1 ? <i32>load<u8>(labels + row) : load<i32>(labels + bytes(row));
}

/** The largest of a row's logits. */
// @ts-ignore: decorator
@inline
function largest(x: usize, size: i32): f32 {
  let most = splat(-Infinity);
  const end = x + bytes(size & ~3);
  for (; x < end; x += 16) most = f32x4.pmax(v128.load(x), most);
  if (size & 3) most = f32x4.pmax(v128.bitselect(v128.load(x), most, firstLanes(size & 3)), most);
  return horizontalMax(most);
}

/** out[row] = -log softmax(logits[row])[label]. */
export function softmaxCrossEntropy(
  logits: usize, labels: usize, out: usize, rows: i32, classes: i32, labelBytes: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const most = largest(logits, classes);
    const shift = splat(most);
    let sums = splat(0);
    let x = logits;
    const end = x + bytes(classes & ~3);
    for (; x < end; x += 16) sums = f32x4.add(sums, exp4(f32x4.sub(v128.load(x), shift)));
    if (classes & 3) {
      sums = f32x4.add(sums, v128.and(exp4(f32x4.sub(v128.load(x), shift)), firstLanes(classes & 3)));
    }
    // The sum lies in [1, classes], or is NaN, which a subtraction below keeps.
    const sum = horizontalSum(sums);
    const log = sum >= 1 ? f32x4.extract_lane(logOfNormal4(splat(sum)), 0) : sum;
    const label = labelOf(labels, row, labelBytes);
    const atLabel = <u32>label < <u32>classes ? load<f32>(logits + bytes(label)) : NaN;
    store<f32>(out, log - (atLabel - most));
    logits += bytes(classes);
    out += 4;
  }
}

/** out[row] = (softmax(logits[row]) - one-hot(label)) * g[row]; `out` may be `logits`. */
export function softmaxCrossEntropyGradient(
  logits: usize, labels: usize, g: usize, out: usize, rows: i32, classes: i32, labelBytes: i32,
): void {
  const whole = bytes(classes & ~3);
  const rest = classes & 3;
  for (let row = 0; row < rows; row++) {
    const shift = splat(largest(logits, classes));
    let sums = splat(0);
    for (let i: usize = 0; i < whole; i += 16) {
      const e = exp4(f32x4.sub(v128.load(logits + i), shift));
      v128.store(out + i, e);
      sums = f32x4.add(sums, e);
    }
    if (rest) {
      const e = exp4(f32x4.sub(v128.load(logits + whole), shift));
      storeEnd(out + whole, e, rest);
      sums = f32x4.add(sums, v128.and(e, firstLanes(rest)));
    }
    const scale = load<f32>(g + bytes(row));
    const sum = horizontalSum(sums);
    const label = labelOf(labels, row, labelBytes);
    const known = <u32>label < <u32>classes;
    const at = out + bytes(label);
    const atLabel = known ? (load<f32>(at) / sum - 1) * scale : 0;
    const factor = splat(scale / sum);
    for (let i: usize = 0; i < whole; i += 16) v128.store(out + i, withoutTiny(f32x4.mul(v128.load(out + i), factor)));
    if (rest) storeEnd(out + whole, withoutTiny(f32x4.mul(v128.load(out + whole), factor)), rest);
    if (known) store<f32>(at, f32x4.extract_lane(withoutTiny(splat(atLabel)), 0));
    logits += bytes(classes);
    out += bytes(classes);
  }
}

/** 0 instead of what is so small that the products to come would be denormal and therefore slow; NaN stays. */
// @ts-ignore: decorator
@inline
function withoutTiny(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), splat(1e-30)));
}

/** out[row] = 1 where the first largest logit is not the label's, else 0. */
export function misclassified(
  logits: usize, labels: usize, out: usize, rows: i32, classes: i32, labelBytes: i32,
): void {
  for (let row = 0; row < rows; row++) {
    let best = 0;
    let most = load<f32>(logits);
    for (let i = 1; i < classes; i++) {
      const x = load<f32>(logits + bytes(i));
      if (x > most) {
        most = x;
        best = i;
      }
    }
    store<f32>(out, best == labelOf(labels, row, labelBytes) ? 0 : 1);
    logits += bytes(classes);
    out += 4;
  }
}

@unmanaged class SigmoidCrossEntropy {
  @inline apply(x: v128, t: v128): v128 {
    return f32x4.add(f32x4.sub(f32x4.pmax(x, splat(0)), f32x4.mul(x, t)), softKink4(x));
  }
}
/** out = -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)). */
export function sigmoidCrossEntropy(x: usize, t: usize, out: usize, size: i32): void {
  map2<SigmoidCrossEntropy>(x, t, out, size);
}

@unmanaged class SigmoidCrossEntropyGradient {
  @inline apply(x: v128, t: v128, g: v128): v128 { return f32x4.mul(f32x4.sub(sigmoid4(x), t), g); }
}
/** out = (sigmoid(x) - t) * g. */
export function sigmoidCrossEntropyGradient(x: usize, t: usize, g: usize, out: usize, size: i32): void {
  map3<SigmoidCrossEntropyGradient>(x, t, g, out, size);
}
