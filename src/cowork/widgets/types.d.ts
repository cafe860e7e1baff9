// What Python and the scripts send each other. `tsc` holds the scripts to it; no browser gets this file.
// Python's side of each type is named behind it.

// Words -----------------------------------------------------------------------------------------------

/** Typed words inside a line of ours; `lang: ""` says that nobody knows their language. (`pages/kit/typed_text.py`) */
export interface TypedText {
  text: string;
  lang?: string;
}

/** A line: a string, or strings and typed words behind each other. */
export type Line = string | TypedText | (string | TypedText)[];

/** An answer's key -> its value -> what holds while that is the answer. */
export type ByChoice<Value> = Record<string, Record<string, Value>>;

/** A reference: how it refers, and the id it refers to. */
export type Reference = [relation: string, id: string];

// Nodes of a page (`runtime/dom.js`) ---------------------------------------------------------------------

/** An attribute, or with `on…` a handler of an event; null, undefined and false leave it out. */
export type Attributes = Record<string, any>;

export type Child = Node | Line | number | null | undefined | false | Child[];

// Forms (`widgets/form/form.py`) ------------------------------------------------------------------------

interface Control {
  key: string;
  hint?: string;
  required?: boolean;
  /** It stands in the fold of the form. */
  fold?: boolean;
  /** Orders the controls of a form; 0 where there is none. */
  place?: number;
  /** It is asked only while these are the answers to these choices. */
  when?: Record<string, string | string[]>;
  /** `false`: never kept as a draft, as a return code. */
  keep?: boolean;
}

/** A box to write in. */
export interface FieldSpec extends Control {
  label?: string;
  /** The label is for those who hear the page. */
  quiet?: boolean;
  rows?: number;
  /** Code points. */
  limit?: number;
  /** A single line. */
  line?: boolean;
  value?: string;
}

export interface Option {
  value: string;
  label?: Line;
  hint?: Line;
  /** It is no step of the scale, and stands below it. */
  apart?: boolean;
}

export interface Grid {
  rows: GridHead[];
  cols: GridHead[];
}

interface GridHead {
  key: string;
  label: string;
  hint?: string;
}

/** Answers to choose from. */
export interface ChoiceSpec extends Control {
  legend?: string;
  options?: Option[];
  apart_h?: string;
  /** Options in rows and columns: their values are "row/column". */
  grid?: Grid;
  many?: boolean;
  value?: string | string[];
  values?: string[];
  /** The answer is for these words alone. */
  once?: boolean;
  /** Its answer is told in one line; it is asked when somebody wants to change it. */
  brief?: boolean;
  /** It asks who will see the words: the first line that says so is told in place of the answer. */
  seen?: boolean;
}

/** A text that can be picked. */
export interface PickerItem {
  id: string;
  text: string;
  by?: string;
  when_text?: string;
  tag?: string;
  lang?: string;
}

/** Texts to pick from: the whole of one or, with `words`, its exact words. */
export interface PickerSpec extends Control {
  legend?: string;
  items?: PickerItem[];
  /** Texts whose words are chosen though they are not among the items. */
  known?: PickerItem[];
  words?: boolean;
  many?: boolean;
  empty?: string;
  label_find?: string;
  /** Texts come when they are looked for. */
  search?: boolean;
  button?: string;
  /** The name of the button that the texts are closed behind. */
  opener?: string;
  /** Open from the start, for a link that led here. */
  opened?: boolean;
  /** As `writeQuoteRange` writes them. */
  value?: string[];
}

export interface ControlSpecs {
  fields?: FieldSpec[];
  choices?: ChoiceSpec[];
  picks?: PickerSpec[];
}

/** A form in place, under a card. */
export interface FormSpec extends ControlSpecs {
  hint?: string;
  button?: string;
  seen?: Line[];
  seen_by_choice?: ByChoice<Line[]>;
}

/** What a form with a draft asks, and says around its button. */
export interface DraftFormSpec extends FormSpec {
  button_by_choice?: ByChoice<string>;
}

/** What a form with a draft needs of whoever shows it. */
export interface DraftFormHandlers {
  /** The name of its draft, and of what it shares. */
  getBox(): string;
  onSubmit(): void;
  onChange?(): void;
  /** Where it stands under a card; picks say so when they look for more. */
  from?: { card: string; act: string };
}

/** What a view of the words of a text tells the picker around it. */
export interface QuoteHandlers {
  /** Take the marked words, so that others can be marked too. */
  onUse(start: number, end: number): void;
  /** Say something aloud. */
  announce(key: string, vars: Record<string, string>): void;
  /** A mark was set or let go of. */
  onMark(): void;
  /** Fold the words away. */
  onClose(): void;
}

/** What is chosen of a text: all of it, or the words from `start` to before `end`, in code points. */
export interface QuoteRange {
  version: string;
  start?: number;
  end?: number;
}

/** What was typed and chosen and not yet shared. With an `id` it is that of a quick form already handed in. */
export interface Draft {
  fields?: Record<string, string>;
  choices?: Record<string, string | string[]>;
  id?: string;
  of?: string;
}

/** One act of a person. (`widgets/submission.py`) */
export interface Submission {
  id: string;
  box: string;
  kind: string;
  about: Reference[];
  fields: Record<string, string>;
  choices: Record<string, string | string[]>;
  lang: string;
  at: number;
}

/** What an act is made of before it has an id and a box. */
export interface SubmissionParts {
  kind?: string;
  about?: Reference[];
  fields?: Record<string, any>;
  choices?: Record<string, any>;
}

/** How a submission was answered: at rest on disk, refused in words, or not now. (`widgets/component.py`) */
export interface Answer {
  done: "shared" | "refused" | "failed";
  id?: string;
  message?: string;
  field?: string;
  note?: string;
}

/** What becomes of an item of the outbox; "else": another part of the page was told. */
export type OutboxEvent = Answer["done"] | "late" | "else";

/** A view that shows what becomes of submissions. */
export interface OutboxChannel {
  model: Model;
  /** The shell speaks for boxes that are not on the screen. */
  shell: boolean;
  ownsBox(box: string): boolean;
  /** The answer is there for what was answered, and for no other event. */
  onEvent(event: OutboxEvent, item: Submission, answer: Answer): void;
}

// Cards (`widgets/cards/card_list.py`) -----------------------------------------------------------------

export interface QuoteSpec {
  text?: string;
  by?: string;
  lang?: string;
  href?: string;
  href_text?: Line;
  /** Said in place of the words. */
  gap?: Line;
}

export interface PointSpec {
  label?: Line;
  text?: Line;
  href?: string;
  list?: Line[];
  fold?: boolean;
}

export interface TallyRow {
  label?: Line;
  n?: number;
  text?: string;
}

/** Answers shown together; one dot is one person. */
export interface TallySpec {
  h?: string;
  rows?: TallyRow[];
  apart?: TallyRow[];
  apart_h?: string;
  none?: string;
  none_n?: number;
  read?: Line[];
  read_h?: string;
  /** It stands in a fold that says how many answered. */
  fold?: boolean;
}

/** An act of a page's own; with `box` it opens a form, with `href` it is a link. */
export interface OwnAction extends SubmissionParts {
  name: string;
  label?: Line;
  strong?: boolean;
  /** It is what the card is there for: its button is filled. */
  filled?: boolean;
  href?: string;
  box?: FormSpec;
}

/** An act that every list of cards knows: the word on its button, and a form or what it shares at once. */
export interface BuiltInAction {
  word: string;
  ask?: boolean;
  box?(item: CardItem, model: Model<CardListTraits>, hide?: string): FormSpec & SubmissionParts;
  item?(item: CardItem): SubmissionParts;
}

/** A form under a card, with what goes along unseen. */
export interface ActionFormSpec extends Omit<FormSpec, "fields" | "choices"> {
  kind?: string;
  about?: Reference[];
  fields?: any;
  choices?: any;
  fixed?: SubmissionParts;
  namedBy?: string;
}

/** An image of a card, in its frame; its words stand there until it comes. */
export interface ShownImage {
  frame: HTMLElement;
  image: HTMLImageElement;
  words: HTMLElement;
  /** Where the browser holds its bytes. */
  url?: string;
  wanted?: boolean;
  tries: number;
  /** When it is asked for again. */
  next: number;
}

/** What a card needs of the list around it. */
export interface CardHolder {
  model: Model<CardListTraits>;
  signal: AbortSignal;
  images: import("./cards/card_images.js").CardImages;
  sent: import("./cards/sent_words.js").SentWords;
  /** Language and words as one text: cards are drawn again when it changes. */
  languageState?: string;
  isNew(item: CardItem): boolean;
  /** The id of the newest card of those that stood here first. */
  newest?: string;
  focusBeside(card: import("./cards/card.js").Card): void;
}

/** The name of an act that every page has, or an act of its own. */
export type Action = string | OwnAction;

export interface CardItem {
  id: string;
  kind?: string;
  text?: string;
  more?: { label: string; text: string; lang?: string }[];
  by?: string;
  when?: string;
  when_text?: string;
  said?: string;
  lang?: string;
  mine?: boolean;
  /** In a transcript: who speaks, in which talk; whether it stands alone; where the words looked for are. */
  voice?: string;
  source?: string;
  apart?: boolean;
  found?: [number, number][];
  /** Only its writer sees it. */
  private?: boolean;
  tag?: string;
  state?: "here" | "taken" | "hidden" | "erasing" | "gone" | "two" | "gap";
  note?: Line[];
  earlier?: { text: string; when_text?: string; lang?: string }[];
  versions?: { id: string; text?: string; by?: string; when_text?: string; lang?: string; fields?: Record<string, string> }[];
  acts?: Action[];
  /** The names of the acts that stand beside its words; the others are behind More. */
  near?: string[];
  answers?: CardItem[];
  talked?: Line[];
  talked_id?: string;
  about_text?: Line;
  fields?: FieldSpec[];
  /** The versions that its words replace when they are changed. */
  current?: string[];
  lifts?: string[];
  talk_rel?: string;
  href?: string;
  href_text?: Line;
  lead?: boolean;
  /** The first of those that stand beside each other. */
  starts_row?: boolean;
  seen?: Line[];
  quotes?: QuoteSpec[];
  points?: PointSpec[];
  mark?: { text?: Line; hint?: Line; list?: Line[] };
  tally?: TallySpec;
  image?: { id: string; alt?: string };
}

/** What makes the list of cards that a browser has into the one that it is to show. */
export interface CardChanges {
  changed: CardItem[];
  n: number;
  order?: string[];
  gone?: string[];
  at?: [id: string, place: number][];
}

export interface FindSpec {
  on?: boolean;
  q?: string;
  voice?: string;
  label_q?: string;
  label_voice?: string;
  voices?: { id: string; name: string; n?: number }[];
  result?: string;
}

// The shell (`widgets/shell/shell.py`) ------------------------------------------------------------------

/** An element or another page, as a link; without `href` it is text. */
export interface NavLink {
  key: string;
  name?: string;
  href?: string;
  note?: string;
  here?: boolean;
  /** Something was written there. */
  written?: boolean;
  half?: "top" | "bottom" | "";
  plain?: string;
}

export interface NavGroup {
  wheel: string;
  name?: string;
  parts?: NavLink[];
}

export interface Invite {
  id?: string;
  text?: string;
  page?: string;
  href?: string;
  /** The reader is on that page already. */
  here?: boolean;
  /** The reader may end it, and is told how many `came`. */
  stop?: boolean;
  came?: string;
}

/** Who this device is in a workshop. The secret goes to the kernel in `hello` and nowhere else. */
export interface DeviceKey {
  participant: string;
  secret: string;
}

export type ConnectionState = "fine" | "lost" | "long";

// Trees and wheels (`widgets/tree/tree.py`, `widgets/wheels/wheels.py`) ---------------------------------

export interface StepNode {
  id: string;
  label?: Line;
  text?: string;
  lead?: boolean;
  quotes?: QuoteSpec[];
  by?: string;
  when_text?: string;
  lang?: string;
  wheel?: string;
  state?: "here" | "gap" | "unwritten";
  dashed?: boolean;
  beside?: boolean;
  note?: Line[];
  mark?: Line;
  href?: string;
  href_text?: string;
  steps?: StepNode[];
}

/** A node as it is drawn: once with its steps; where it comes again, with a word that it stands above. */
export interface DrawnStep {
  node: StepNode;
  again: boolean;
  first: StepNode;
  depth: number;
  parent: DrawnStep | null;
  key: string;
  steps: DrawnStep[];
}

export interface BeginLink {
  id: string;
  label?: Line;
  text: string;
  href: string;
  here?: boolean;
}

export interface WheelSpec {
  key: string;
  name?: string;
  long?: string;
  parts?: NavLink[];
}

/** A line of the journey's table. */
export interface JourneyRow {
  part: string;
  wheel: string;
  wrote?: string | number;
  by?: string | number;
  last?: string;
  met?: string;
  href?: string;
  key?: string;
}

/** Go where something leads that was pressed. */
export type GoTo = (place: NavLink | JourneyRow, event: MouseEvent) => void;

export interface Suggestion {
  key: string;
  text?: string;
  note?: string;
  href?: string;
  href_text?: string;
}

// Text to read (`widgets/prose/prose.py`) ---------------------------------------------------------------

export interface ProseLink {
  href?: string;
  text: Line;
  note?: string;
  page?: string;
  wheel?: string;
}

export interface QrSpec {
  path: string;
  size: number;
  label?: string;
}

/** A block has one or more of these. */
export interface ProseBlock {
  h?: string;
  level?: number;
  p?: Line;
  hint?: Line;
  list?: Line[];
  terms?: [Line, Line][];
  eyebrow?: string;
  wheel?: string;
  half?: string;
  summary?: string;
  lines?: Line[];
  inset?: Line | Line[];
  link?: ProseLink | string;
  links?: ProseLink[];
  qr?: QrSpec;
  code?: string;
  ways?: boolean;
}

// Models: the traits of each component ------------------------------------------------------------------

/** What every component has. (`widgets/component.py`) */
export interface Traits {
  lang: string;
  /** Catalogue key -> its text, or one for each plural form. */
  words: Record<string, string | { one: string; other: string }>;
  scope: string;
  me: string;
  notebook: string;
  voice: string;
}

/** A component with a heading of its own. */
interface HeadedTraits extends Traits {
  heading: string;
  level: number;
  hint: string;
}

export interface FormTraits extends Traits, Required<DraftFormSpec> {
  box: string;
  kind: string;
  about: Reference[];
  eyebrow: string;
  wheel: string;
  half: string;
  question: string;
  level: number;
  mean: { h?: string; lines?: Line[] };
  first: { h?: string; text?: string; by?: string; lang?: string };
  fold_h: string;
  opener: string;
  opened: boolean;
  quick: boolean;
  quiet_button: boolean;
  done: string;
}

export interface CardListTraits extends HeadedTraits {
  wheel: string;
  empty: string;
  items: CardItem[];
  total: number;
  shown: number;
  more_button: string;
  dense: boolean;
  talk: FormSpec;
  find: FindSpec;
}

/** (`widgets/transcript/transcript.py`) */
export interface TranscriptTraits extends CardListTraits {
  before_button: string;
  left: LeftOut;
  talks: ImportedTalk[];
}

/** What a reader leaves out of a transcript. */
export interface LeftOut {
  begin?: string;
  short?: boolean;
  lines?: { key: "begin" | "short"; text: string; button: string }[];
  short_button?: string;
}

/** A talk that its reader may take out of the workshop, or put back. */
export interface ImportedTalk {
  id: string;
  text: string;
  act: "take_out" | "put_back";
  button: string;
  ask?: { h: string; lines: string[]; yes: string; no: string };
}

/** Words of one turn that are marked, in code points. */
export interface MarkedWords {
  turn: import("./transcript/turn.js").Turn;
  start: number;
  end: number;
}

export interface ShellTraits extends Traits {
  title: string;
  code: string;
  people: number;
  parts: string[];
  /** The present page. */
  place: { key?: string; link?: string; plain?: string; wheel?: string; h?: string };
  nav: NavGroup[];
  more_nav: NavLink[];
  here: string[];
  invite: Invite;
  may_invite: boolean;
  writing_for: string;
  welcome: string;
  note: string;
  ready: boolean;
  front: boolean;
  beat_ms: number;
  browser: string;
  kernel: string;
  base: string;
}

export interface TreeTraits extends HeadedTraits {
  empty: string;
  begin_h: string;
  begin: BeginLink[];
  steps: StepNode[];
}

export interface WheelsTraits extends Traits {
  context: string[];
  wheels: WheelSpec[];
  rows: JourneyRow[];
  meetings: string[];
  meetings_h: string;
  nudges: Suggestion[];
  nothing: string;
  truth: string;
  caption: string;
}

export interface UploadTraits extends Traits {
  label: string;
  hint: string;
  fold: string;
  accept: string;
  /** Bytes. */
  largest: number;
  image: boolean;
  longest_side: number;
}

/** A document; its bytes come in a message. (`widgets/document_preview/document_preview.py`) */
export interface DocumentTraits extends HeadedTraits {
  leaves: boolean;
  made: boolean;
  file: string;
}

export interface DialogTraits extends Traits {
  heading: string;
  lines: Line[];
  yes: string;
  no: string;
  button: string;
}

export interface ChoiceTraits extends Traits {
  legend: string;
  hint: string;
  options: Option[];
  value: string;
  values: string[];
  many: boolean;
  keep_on_device: string;
  button: string;
}

export interface BannerTraits extends Traits {
  text: string;
  kind: "info" | "warn" | "error";
  button: string;
  href: string;
}

export interface ProseTraits extends Traits {
  blocks: ProseBlock[];
}

export interface PlotTraits extends Traits {
  heading: string;
  alt: string;
  figure: { data?: unknown; layout?: Record<string, unknown> };
  columns: string[];
  rows: (string | number | null)[][];
  library: string;
}

/** What a browser says to a component (`do`): the fields of each are read by `MESSAGES` of its class. */
export type MessageToKernel =
  | { do: "share"; item: Submission }
  | { do: "look"; key: string; q: string; chosen: string[]; card?: string; act?: string }
  | { do: "here"; again: boolean }
  | { do: "find"; q: string; voice: string }
  | { do: "image"; id: string }
  | {
      do: "hello"; lang: string; code: string; page: string; at: string; key: DeviceKey; origin: string;
      browser: string; mine: { code: string; title: string }[]; zone: string;
    }
  | { do: "lang"; lang: string }
  | { do: "go"; page: string; at: string }
  | { do: "invite"; page: string; ends: string }
  | { do: "ping"; t: number; hidden: boolean }
  | { do: "chose"; value: string | string[] }
  | { do: "leave"; begin: string; short: boolean }
  | { do: "take_out" | "put_back"; source: string }
  | { do: "piece"; id: string; name: string; size: number; at: number }
  | { do: "cancel"; id: string }
  | { do: "more" | "before" | "press" | "read" | "saved" | "fetch" | "yes" | "no" | "stop-writing" };

/** What a component says to a browser, apart from its traits: an answer, or what each class documents. */
export interface MessageFromKernel extends Partial<Answer> {
  /** The shell: what the browser is to do. */
  do?: "say-hello" | "entered" | "opened" | "keep" | "forget" | "gone" | "say";
  code?: string;
  page?: string;
  title?: string;
  at?: string;
  href?: string;
  text?: string;
  pong?: boolean;
  /** A list of cards. */
  cards?: CardChanges;
  also?: Partial<CardListTraits>;
  /** A picture; its bytes come along. */
  image?: string;
  type?: string;
  /** A document; its bytes come along. */
  paper?: string;
  did?: string;
  /** An upload: how many bytes are there. */
  got?: number;
  /** A dialog: lines that stand in no trait. */
  show?: unknown[];
  /** A choice: what came of it. */
  said?: string;
}

/** What anywidget gives a script as its model. */
export interface Model<T extends Traits = Traits> {
  get<Name extends keyof T & string>(name: Name): T[Name];
  set<Name extends keyof T & string>(name: Name, value: T[Name]): void;
  save_changes(): void;
  send(content: MessageToKernel, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: "msg:custom", act: (message: MessageFromKernel | null, buffers?: DataView[]) => void): void;
  on(event: string, act: () => void): void;
  off(event?: string | null, act?: Function): void;
}

export interface Host {
  getModel(ref: string): Promise<unknown>;
  getWidget(ref: string): Promise<{ exports: unknown; render(view: { el: HTMLElement; signal?: AbortSignal }): Promise<void> }>;
}

export interface View<T extends Traits = Traits> {
  model: Model<T>;
  el: HTMLElement;
  signal: AbortSignal;
  host: Host;
}

/** What the script of a widget exports. */
export interface Drawer {
  initialize?(context: any): any;
  render?(view: any): any;
}

// The wire (jupyter_server, kernel protocol v1) ----------------------------------------------------------

export type State = Record<string, any>;
export type BufferPath = (string | number)[];
export type Buffers = (ArrayBuffer | ArrayBufferView)[];

export interface MessageHeader {
  msg_id?: string;
  msg_type: string;
  session?: string;
  [name: string]: unknown;
}

export interface KernelMessage {
  header: MessageHeader;
  /** Only of the messages of widgets. */
  content?: any;
  buffers?: DataView[];
}

// Of the page: what several scripts, or copies of one script in JupyterLab, have together ------------------

declare global {
  // All our nodes are HTML, but for pictures.
  interface ParentNode {
    querySelector<Tag extends keyof HTMLElementTagNameMap>(selectors: Tag): HTMLElementTagNameMap[Tag] | null;
    querySelectorAll<Tag extends keyof HTMLElementTagNameMap>(selectors: Tag): NodeListOf<HTMLElementTagNameMap[Tag]>;
    querySelector<E extends Element = HTMLElement>(selectors: string): E | null;
    querySelectorAll<E extends Element = HTMLElement>(selectors: string): NodeListOf<E>;
  }
  var coworkHost: { hosts: boolean; revive(): void; connected(): boolean } | undefined;
  var coworkGo: ((page: string, href?: string | null) => void) | undefined;
  var coworkSay: ((text: string) => void) | undefined;
  var coworkMemory: Map<string, string> | undefined;
  var coworkOutbox: ReturnType<typeof import("./runtime/outbox.js").createOutbox> | undefined;
  var coworkTab: string | undefined;
  var Plotly: any;
}
