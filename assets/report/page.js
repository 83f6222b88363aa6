// What the page does: figures come to life when they are near, curves and axes can be switched, files are handed out.

const { drawFigure, unpacked } = globalThis.drawing;

const status = document.getElementById('status');
const say = (text) => {
  status.textContent = text;
};

const root = document.documentElement;
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : prefersDark.matches);

/** One figure of the page with what is chosen for it. */
class Drawing {
  constructor(element) {
    this.element = element;
    this.live = element.querySelector('.live');
    this.content = undefined;
    this.choice = { scale: 'drawn', hidden: [], paper: true };
    this.result = undefined;
    this.turn = Promise.resolve();
    this.width = 0;
    element.addEventListener('change', ({ target }) => this.changed(target));
    element.addEventListener('click', ({ target }) => this.clicked(target));
  }

  boxes() {
    return [...this.element.querySelectorAll('[data-role=curve]')];
  }

  /** One after the other: a figure that is drawn twice at once would be there twice. */
  draw() {
    this.turn = this.turn.then(() => this.drawNow()).catch((error) => this.failed(error));
    return this.turn;
  }

  async drawNow() {
    this.live.hidden = false;
    const former = this.result;
    this.content ??= unpacked(await uncompressed(this.element.querySelector('script.spec')).json());
    this.width = this.live.clientWidth;
    this.result = await drawFigure(this.live, this.content, { ...this.choice, isDark: isDark() });
    former?.finalize();
    this.element.classList.add('drawn');
    const controls = this.element.querySelector('.controls');
    if (controls) controls.hidden = false;
  }

  /** The still picture stays. */
  failed(error) {
    this.live.hidden = true;
    this.element.classList.remove('drawn');
    reportError(error);
  }

  async changed({ dataset: { role }, value, checked }) {
    if (role === 'scale') {
      this.choice.scale = value;
      await this.draw();
      say(value === 'drawn' ? 'y axis as drawn' : `y axis ${value === 'log' ? 'logarithmic' : 'linear'}`);
    }
    if (role === 'curve' || role === 'paper') {
      await this.applyChoice();
      say(`${role === 'paper' ? "the paper's curves" : value} ${checked ? 'shown' : 'hidden'}`);
    }
  }

  async clicked({ dataset: { role } }) {
    if (role !== 'all' && role !== 'none') return;
    for (const box of this.boxes()) box.checked = role === 'all';
    await this.applyChoice();
    say(role === 'all' ? 'all curves shown' : 'all curves hidden');
  }

  applyChoice() {
    const paper = this.element.querySelector('[data-role=paper]');
    this.choice.hidden = this.boxes()
      .filter((box) => !box.checked)
      .map((box) => box.value);
    this.choice.paper = paper?.checked ?? true;
    const { hidden } = this.choice;
    return this.result?.view.signal('hidden', hidden).signal('paper', this.choice.paper).runAsync();
  }
}

const drawings = [...document.querySelectorAll('figure.drawing')].map((element) => new Drawing(element));
const of = new Map(drawings.map((drawing) => [drawing.element, drawing]));

const nearby = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      nearby.unobserve(target);
      of.get(target).draw();
    }
  },
  { rootMargin: '800px' },
);
for (const { element } of drawings) nearby.observe(element);

const redraw = (which) => {
  for (const drawing of drawings) if (drawing.result && which(drawing)) drawing.draw();
};
let resizing;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => redraw(({ live, width }) => live.clientWidth !== width), 150);
});

const button = document.getElementById('theme');
const nameTheme = () => {
  button.textContent = isDark() ? 'Light page' : 'Dark page';
};
button.hidden = false;
nameTheme();
button.addEventListener('click', () => {
  root.dataset.theme = isDark() ? 'light' : 'dark';
  nameTheme();
  redraw(() => true);
  say(`${root.dataset.theme} page`);
});
prefersDark.addEventListener('change', () => {
  nameTheme();
  redraw(() => true);
});

/** What is folded away would be missing on paper. */
const opened = [];
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('main details:not([open])')) {
    details.open = true;
    opened.push(details);
  }
});
addEventListener('afterprint', () => {
  for (const details of opened.splice(0)) details.open = false;
});

// The menu covers the page: it closes where it is left.
const menu = document.querySelector('details.menu');
menu.addEventListener('click', ({ target }) => {
  if (target.closest('a')) menu.open = false;
});
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') menu.open = false;
});

for (const file of document.querySelectorAll('button.file')) {
  file.hidden = false;
  file.addEventListener('click', () => handOut(file.dataset.file, file.dataset.name));
}

async function handOut(id, name) {
  const content = await uncompressed(document.getElementById(id)).arrayBuffer();
  const file = new Blob([content], { type: 'text/csv' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  say(`${name} is being saved`);
}

/** What an element holds as gzip in base64, as a response. */
function uncompressed({ textContent }) {
  const bytes = Uint8Array.from(atob(textContent), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
}
