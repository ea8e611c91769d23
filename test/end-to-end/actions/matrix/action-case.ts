import type { JsonObject } from '../../../../shared/json.ts';
import type { ConsoleClient } from '../console-client.ts';
import type { Subject, SubjectWish } from './subjects.ts';

/** A situation that an action cannot be in, and why. */
export interface Impossible {
  readonly impossible: string;
}

/** How subjects get into the state that a situation begins with. */
export interface Beginning {
  /** Besides what the case itself wants. */
  readonly suits?: SubjectWish['suits'];
  /** What somebody does at the console before. */
  prepare?(ids: readonly string[], console: ConsoleClient): Promise<void>;
  /** What `shows` gives then; what it gives anyway where absent. */
  readonly shows?: string;
}

/** The wanted state is there before. */
export interface AlreadySo extends Beginning {
  /** Where another reason than `already_so` is told. */
  readonly refused?: string;
  readonly parameters?: (subject: Subject) => JsonObject;
  /** Where they are others than at the end of the action. */
  readonly shown?: ActionCase['shown'];
  readonly evidence?: ActionCase['evidence'];
}

/** One action, and what the simulated console has to show of it. */
export interface ActionCase {
  readonly action: string;
  /** In the simulator's log of deeds. */
  readonly verb: string;
  readonly os?: readonly string[];
  readonly parameters?: (subject: Subject) => JsonObject;
  /** Before the action. */
  readonly begins: Beginning;
  readonly already: AlreadySo | Impossible;
  /** On an operating system that it is not for; `instead` is the action that is performed then, with its verb. */
  readonly unsupported:
    | { readonly os: string; readonly instead?: { readonly action: string; readonly verb: string } }
    | Impossible;
  readonly safelist: 'protects' | 'lets through';
  readonly viewer: 'refused' | 'allowed';
  /** Why being offline makes no difference; absent where the endpoint has to come back. */
  readonly offlineToo?: string;
  /** What the simulator shows of it now, as one word. */
  shows(subject: Subject, console: ConsoleClient): Promise<string>;
  /** True where other people at the simulated console change it as well. */
  readonly othersChangeIt?: true;
  /** At the end. */
  readonly shown: string | ((subject: Subject) => string);
  /** One of the evidences at the end: source, field and value, in lower snake case. */
  readonly evidence: string | ((subject: Subject) => string);
  /** What the simulator's log of deeds names; the subject where absent. */
  deedIds?(subject: Subject, console: ConsoleClient): Promise<readonly string[]>;
}
