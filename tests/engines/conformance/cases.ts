import { binaryCases } from './binary-cases.ts';
import type { Case } from './case.ts';
import { convolutionCases } from './convolution-cases.ts';
import { elementwiseCases } from './elementwise-cases.ts';
import { layoutCases } from './layout-cases.ts';
import { linearCases } from './linear-cases.ts';
import { lossCases } from './loss-cases.ts';
import { randomCases } from './random-cases.ts';
import { sparseCases } from './sparse-cases.ts';

export const cases: readonly Case[] = [
  ...layoutCases,
  ...elementwiseCases,
  ...binaryCases,
  ...linearCases,
  ...lossCases,
  ...convolutionCases,
  ...randomCases,
  ...sparseCases,
];
