/** What a rule's definition alone does not say: its ambiguous choices, and how other libraries call it. */
export interface RuleNotes {
  /** Where the equations of the paper leave room, or implementations go apart. */
  readonly choices: readonly Choice[];
  /** Per-step scalars of the formula by name, as equations. */
  readonly scalars: Readonly<Record<string, string>>;
  readonly calls: Readonly<Record<Library, LibraryCall>>;
  /** Paragraphs below everything else. */
  readonly remarks: readonly string[];
}

export interface Choice {
  readonly what: string;
  /** What the paper says or does, which is the default here unless `option` says otherwise. */
  readonly paper: string;
  /** The hyper-parameter, or the setting of a spec, that changes it. */
  readonly option?: string;
  /** What libraries do in place of it. */
  readonly elsewhere?: string;
}

export const libraries = { pytorch: 'PyTorch', keras: 'Keras', optax: 'optax' } as const;
export type Library = keyof typeof libraries;

export interface LibraryCall {
  /** The call that comes closest to the paper; null where the library has none. */
  readonly call: string | null;
  /** How it differs all the same; left out where it computes the same. */
  readonly differs?: string;
}

export const lrBuffer: Choice = {
  what: 'learning rate inside or outside the velocity',
  paper: 'inside: velocity <- momentum * velocity + lr * g',
  option: 'lrPlacement',
  elsewhere: 'PyTorch and optax keep it outside, Keras inside; the same while lr is constant',
};

export const earlyBetas =
  'The first version of the paper on arXiv writes beta for what is 1 - beta today: its beta1 = 0.1 is beta1 = 0.9 today, and its beta2 = 0.001 is beta2 = 0.999. At the end of section 3 the last version still speaks of "a small value of beta2" in that sense.';
