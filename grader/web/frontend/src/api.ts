// Written by `python -m grader.web.typescript` from grader/web/views.py.

export interface Arrow {
  readonly start: readonly [number, number];
  readonly end: readonly [number, number];
  readonly role: string;
  readonly kind: "arrow";
}

export interface Block {
  readonly text: string;
  readonly is_code: boolean;
}

export interface Changed {
  readonly said: string;
  readonly file: FileView;
}

export interface CheckState {
  readonly claim: string;
  readonly status: string;
  readonly points: number;
  readonly max_points: number;
}

export interface Choice {
  readonly options: readonly string[];
  readonly says: string;
  readonly start: number;
  readonly kind: "choice";
}

export interface Conflict {
  readonly error: string;
  readonly file: FileView;
}

export interface CourseView {
  readonly title: string;
  readonly modules: readonly Module[];
  readonly next_step: string;
  readonly next_lesson: string;
  readonly next_exercise: string;
}

export interface Curve {
  readonly points: readonly (readonly [number | null, number | null])[];
  readonly role: string;
  readonly name: string;
  readonly dashed: boolean;
  readonly dots: boolean;
  readonly kind: "curve";
}

export interface Dots {
  readonly points: readonly (readonly [number | null, number | null])[];
  readonly role: string;
  readonly name: string;
  readonly kind: "dots";
}

export interface Entrance {
  readonly token: string;
}

export interface ExerciseInfo {
  readonly name: string;
  readonly bonus: boolean;
  readonly summary: string;
  readonly fairness: string;
  readonly predictions: readonly Prediction[];
  readonly hints: number;
  readonly questions: readonly string[];
}

export interface ExerciseRow {
  readonly name: string;
  readonly bonus: boolean;
  readonly status: string;
}

export interface ExerciseState {
  readonly name: string;
  readonly status: string;
  readonly words: string;
  readonly standing: string;
  readonly line: number;
  readonly checks: readonly CheckState[];
  readonly failure: Failure | null;
  readonly advice: readonly Block[];
  readonly fault: string;
}

export interface Failure {
  readonly claim: string;
  readonly counterexample: string;
  readonly returned: string;
  readonly expected: string;
  readonly output: string;
  readonly message: string;
  readonly explanation: string;
  readonly later: string;
  readonly marks: readonly Mark[];
  readonly steps: readonly LoopStep[];
}

export interface Figure {
  readonly name: string;
  readonly still: string;
  readonly title: string;
  readonly about: string;
  readonly exercises: readonly string[];
  readonly controls: readonly NamedControl[];
}

export interface FileView {
  readonly lesson: string;
  readonly content: string;
  readonly digest: string;
  readonly complaint: string;
  readonly letters: readonly Letter[];
}

export interface GlossaryView {
  readonly html: string;
}

export interface Handle {
  readonly x: number;
  readonly y: number;
  readonly sets: readonly Moves[];
  readonly name: string;
  readonly kind: "handle";
}

export interface Heights {
  readonly rows: readonly (readonly (number | null)[])[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly name: string;
  readonly kind: "heights";
}

export interface HintView {
  readonly shown: readonly string[];
  readonly total: number;
  readonly wrong_now: readonly Block[];
}

export interface LessonRow {
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  readonly exercises: readonly ExerciseRow[];
  readonly complaint: string;
}

export interface LessonView {
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly html: string;
  readonly file: string;
  readonly exercises: readonly ExerciseInfo[];
  readonly figures: readonly Figure[];
  readonly previous: string;
  readonly following: string;
  readonly returned: readonly ReturnedPrediction[];
}

export interface Letter {
  readonly exercise: string;
  readonly question: string;
  readonly letter: string;
}

export interface LoopNumber {
  readonly name: string;
  readonly mine: string;
  readonly expected: string;
  readonly is_wrong: boolean;
}

export interface LoopStep {
  readonly place: string;
  readonly numbers: readonly LoopNumber[];
}

export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly width: number;
  readonly message: string;
}

export interface Message {
  readonly number: number;
  readonly hello: string | null;
  readonly round: RoundState | null;
  readonly file: FileView | null;
  readonly course: CourseView | null;
}

export interface Module {
  readonly title: string;
  readonly lessons: readonly LessonRow[];
}

export interface Moved {
  readonly expected: Scene;
  readonly yours: Scene | null;
  readonly trouble: string;
}

export interface Moves {
  readonly control: string;
  readonly along: "x" | "y";
  readonly offset: number;
  readonly scale: number;
}

export interface NamedControl {
  readonly name: string;
  readonly control: Slider | Choice;
}

export interface Note {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly role: string;
  readonly boxed: boolean;
  readonly kind: "note";
}

export interface Panel {
  readonly marks: readonly (Curve | Dots | Heights | Note | Arrow | Handle)[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly x_label: string;
  readonly y_label: string;
  readonly title: string;
  readonly x_log: boolean;
  readonly y_log: boolean;
}

export interface Picture {
  readonly words: readonly string[];
  readonly svg: string;
  readonly call: string;
}

export interface Prediction {
  readonly label: string;
  readonly question: string;
  readonly options: readonly string[];
  readonly is_answered: boolean;
  readonly chosen: number;
  readonly sure: string;
}

export interface PredictionAnswer {
  readonly is_right: boolean;
  readonly sentence: string;
  readonly because: string;
}

export interface PredictionGuess {
  readonly option: number;
  readonly sure: string;
  readonly during: string;
}

export interface Problem {
  readonly error: string;
}

export interface Proof {
  readonly proof: string;
}

export interface Requirement {
  readonly claim: string;
  readonly reason: string;
  readonly precision: string;
  readonly points: number;
}

export interface ReturnedPrediction {
  readonly lesson: string;
  readonly id: string;
  readonly exercise: string;
  readonly prediction: Prediction;
}

export interface RoundState {
  readonly lesson: string;
  readonly digest: string;
  readonly loading: string;
  readonly is_grading: boolean;
  readonly seconds: number;
  readonly failing: string;
  readonly failing_exercise: string;
  readonly exercises: readonly ExerciseState[];
  readonly is_complete: boolean;
  readonly complaint: string;
  readonly isolation: string;
}

export interface Scene {
  readonly panels: readonly Panel[];
  readonly words: string;
}

export interface Slider {
  readonly low: number;
  readonly high: number;
  readonly start: number;
  readonly says: string;
  readonly step: number;
  readonly log: boolean;
  readonly kind: "slider";
}

export interface SolutionView {
  readonly mine: string;
  readonly solution: string;
  readonly words: string;
  readonly another: string;
  readonly another_words: string;
  readonly explained: string;
}

export interface Ticket {
  readonly ticket: string;
}

export interface VersionRow {
  readonly id: number;
  readonly at: number;
  readonly reason: string;
}

export interface WhyView {
  readonly reasons: readonly Requirement[];
  readonly fairness: string;
  readonly later: string;
}
