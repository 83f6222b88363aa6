import type { Node, Shape } from '../graph/node.ts';
import type { Initialization } from '../spec/run.ts';

/**
 * One minibatch as graph nodes: inputs [b, ...shape of an example] as floats, labels [b] as whole numbers. For bags of
 * words x is `sparseRows` [b, words]: dropout and a product (a dense layer) are all that can be done with it.
 */
export interface ModelInput {
  readonly x: Node;
  readonly labels: Node;
  readonly classes: number;
}

/** What a model declares while it builds its graph. */
export interface ModelContext {
  /** False for evaluation: no dropout, no noise. */
  readonly training: boolean;
  /** A trainable array. The same name gives the same parameter in the training and the evaluation graph. */
  parameter(name: string, shape: Shape, initialization: Initialization): Node;
  /** Dropout of training, with new masks every step; x itself in evaluation or at rate 0. */
  dropout(x: Node, rate: number): Node;
  /** Standard normal noise, new every step. */
  normal(shape: Shape): Node;
}

/** What a model gives for a batch of `b` examples. */
export interface ModelOutput {
  /** Cost of each example, shape [b]: the step minimises its mean. */
  readonly cost: Node;
  /** 1 for a misclassified example, else 0, shape [b]; for classifiers. */
  readonly error?: Node;
}

/** A model is a page of graph-building code, run once for training and once for evaluation. */
export type Model = (input: ModelInput, context: ModelContext) => ModelOutput;
