import { exp4, log4, sigmoid4, softplus4, tanh4 } from './functions';
import { broadcast, map1, map2 } from './maps';
import { splat } from './vector';

/** Elementwise kernels; `broadcast` describes the binary ones' arguments. */

@unmanaged class Add { @inline apply(a: v128, b: v128): v128 { return f32x4.add(a, b); } }
export function add(a: usize, b: usize, out: usize, outer: i32, inner: i32, shortFirst: i32): void {
  broadcast<Add>(a, b, out, outer, inner, shortFirst);
}

@unmanaged class Subtract { @inline apply(a: v128, b: v128): v128 { return f32x4.sub(a, b); } }
export function subtract(a: usize, b: usize, out: usize, outer: i32, inner: i32, shortFirst: i32): void {
  broadcast<Subtract>(a, b, out, outer, inner, shortFirst);
}

@unmanaged class Multiply { @inline apply(a: v128, b: v128): v128 { return f32x4.mul(a, b); } }
export function multiply(a: usize, b: usize, out: usize, outer: i32, inner: i32, shortFirst: i32): void {
  broadcast<Multiply>(a, b, out, outer, inner, shortFirst);
}

@unmanaged class Divide { @inline apply(a: v128, b: v128): v128 { return f32x4.div(a, b); } }
export function divide(a: usize, b: usize, out: usize, outer: i32, inner: i32, shortFirst: i32): void {
  broadcast<Divide>(a, b, out, outer, inner, shortFirst);
}

@unmanaged class Negate { @inline apply(x: v128): v128 { return f32x4.neg(x); } }
export function negate(x: usize, out: usize, size: i32): void {
  map1<Negate>(x, out, size);
}

@unmanaged class Square { @inline apply(x: v128): v128 { return f32x4.mul(x, x); } }
export function square(x: usize, out: usize, size: i32): void {
  map1<Square>(x, out, size);
}

@unmanaged class SquareRoot { @inline apply(x: v128): v128 { return f32x4.sqrt(x); } }
export function sqrt(x: usize, out: usize, size: i32): void {
  map1<SquareRoot>(x, out, size);
}

@unmanaged class Exp { @inline apply(x: v128): v128 { return exp4(x); } }
export function exp(x: usize, out: usize, size: i32): void {
  map1<Exp>(x, out, size);
}

@unmanaged class Log { @inline apply(x: v128): v128 { return log4(x); } }
export function log(x: usize, out: usize, size: i32): void {
  map1<Log>(x, out, size);
}

/** pmax is one instruction on x86 (max is several) and lets a NaN through when x comes first. */
@unmanaged class Relu { @inline apply(x: v128): v128 { return f32x4.pmax(x, splat(0)); } }
export function relu(x: usize, out: usize, size: i32): void {
  map1<Relu>(x, out, size);
}

@unmanaged class ReluGradient {
  @inline apply(y: v128, g: v128): v128 { return v128.and(g, f32x4.gt(y, splat(0))); }
}
/** y is the function's result. */
export function reluGradient(y: usize, g: usize, out: usize, size: i32): void {
  map2<ReluGradient>(y, g, out, size);
}

@unmanaged class Sigmoid { @inline apply(x: v128): v128 { return sigmoid4(x); } }
export function sigmoid(x: usize, out: usize, size: i32): void {
  map1<Sigmoid>(x, out, size);
}

@unmanaged class SigmoidGradient {
  @inline apply(y: v128, g: v128): v128 { return f32x4.mul(g, f32x4.mul(y, f32x4.sub(splat(1), y))); }
}
/** y is the function's result. */
export function sigmoidGradient(y: usize, g: usize, out: usize, size: i32): void {
  map2<SigmoidGradient>(y, g, out, size);
}

@unmanaged class Tanh { @inline apply(x: v128): v128 { return tanh4(x); } }
export function tanh(x: usize, out: usize, size: i32): void {
  map1<Tanh>(x, out, size);
}

@unmanaged class TanhGradient {
  @inline apply(y: v128, g: v128): v128 { return f32x4.mul(g, f32x4.sub(splat(1), f32x4.mul(y, y))); }
}
/** y is the function's result. */
export function tanhGradient(y: usize, g: usize, out: usize, size: i32): void {
  map2<TanhGradient>(y, g, out, size);
}

@unmanaged class Softplus { @inline apply(x: v128): v128 { return softplus4(x); } }
export function softplus(x: usize, out: usize, size: i32): void {
  map1<Softplus>(x, out, size);
}

@unmanaged class SoftplusGradient {
  @inline apply(x: v128, g: v128): v128 { return f32x4.mul(g, sigmoid4(x)); }
}
/** x is the function's argument. */
export function softplusGradient(x: usize, g: usize, out: usize, size: i32): void {
  map2<SoftplusGradient>(x, g, out, size);
}
