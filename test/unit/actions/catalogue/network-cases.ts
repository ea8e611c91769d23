import { describe, expect, it } from 'vitest';
import type { ActionType } from '../../../../shared/actions/action-type.ts';
import type { Subject } from '../../../../shared/actions/subject.ts';
import { activity, agentSubject, tryOut } from './trying-out.ts';

/** One of the two ways of an endpoint: off the network, or onto it. */
export interface NetworkCase {
  readonly type: ActionType;
  readonly wanted: string;
  readonly underWay: string;
  readonly contrary: string;
  /** Activity types: the command, and its ends. */
  readonly issued: number;
  readonly done: number;
  readonly others: { readonly issued: number; readonly done: number };
}

const offline = { isActive: false };

/** The rules that both ways have. */
export function itMovesOnTheNetwork({ type, wanted, underWay, contrary, ...types }: NetworkCase): void {
  const tried = tryOut(type);
  const { issued, done, others } = types;
  const status = (networkStatus: string | null, fields = {}) => agentSubject({ networkStatus, ...fields });
  /** The entries, oldest first, as the log tells them before a command is sent: newest first. */
  const withLog = (subject: Subject, ...entries: readonly number[]): Subject => ({
    ...subject,
    history: entries.map((one, index) => activity(one, index - 60)).toReversed(),
  });

  describe(`${type.id} on the network`, () => {
    it('asks the console for the agents that are named', () => {
      expect(tried.call([agentSubject()]).request).toMatchObject({
        method: 'POST',
        path: expect.stringMatching(/^\/agents\/actions\/(dis)?connect$/),
        body: { filter: { ids: ['1001'] }, data: {} },
      });
    });

    it('has nothing to do for an endpoint that is there, and for no other', () => {
      expect(tried.reached(status(wanted))).toEqual([
        { source: 'agent', field: 'networkStatus', value: wanted },
      ]);
      for (const now of [contrary, 'disconnecting', 'connecting', null]) {
        expect(tried.reached(status(now))).toBeUndefined();
        expect(tried.unsuitable(status(now))).toBeUndefined();
      }
    });

    it('does not take the record of an endpoint that is offline for how it is', () => {
      expect(tried.reached(status(wanted, offline))).toBeUndefined();
      expect(tried.reached(withLog(status(wanted, offline), issued, done))).toBeUndefined();
    });

    it.each([
      ['nothing', [], true],
      ['the way there', [issued, done], true],
      ['the way back, to its end', [others.issued, others.done], true],
      ['the way back, under way', [others.issued], false],
      ['the way back, under way again', [others.issued, others.done, others.issued], false],
      ['the way back, asked for after the way there', [issued, done, others.issued], false],
      ['the way back, which waits while an earlier way there ends', [issued, others.issued, done], false],
      // An agent does one thing after the other: what was asked for before is over.
      ['a way back that was overtaken', [others.issued, issued, done], true],
      ['a way back that may be overtaken', [others.issued, issued], false],
    ])('with %s in the log, that it is there counts: %#', (_, entries, counts) => {
      const subject = withLog(status(wanted), ...entries);
      expect(tried.reached(subject) !== undefined).toBe(counts);
    });

    it.each([
      [wanted, [], 'done'],
      [wanted, [issued], 'done'],
      [underWay, [], 'in_progress'],
      [underWay, [issued], 'in_progress'],
      [underWay, [issued, done], 'in_progress'],
      [contrary, [], 'nothing'],
      [contrary, [issued], 'accepted'],
      // Records count more than the log: somebody may have taken it back.
      [contrary, [issued, done], 'in_progress'],
      [null, [issued, done], 'done'],
      // Of the way back, before.
      [contrary, [others.done], 'nothing'],
    ] as const)('with %s and the activities %j it is %s', (now, entries, kind) => {
      const activities = entries.map((one, index) => activity(one, index + 1));
      const earlier = status(contrary);
      expect(tried.observe({ subject: status(now), earlier, activities }).kind).toBe(kind);
    });

    it('believes of an endpoint that is offline only what was reported since', () => {
      const earlier = status(contrary, offline);
      const seen = (now: string, ...entries: readonly number[]) =>
        tried.observe({
          subject: status(now, offline),
          earlier,
          activities: entries.map((one, index) => activity(one, index + 1)),
        }).kind;
      expect(seen(wanted)).toBe('nothing');
      expect(seen(wanted, issued)).toBe('accepted');
      expect(seen(wanted, issued, done)).toBe('done');
      expect(seen(contrary, issued, done)).toBe('in_progress');
      // The console's own word for a command that waits, and no end.
      expect(seen(underWay)).toBe('in_progress');
    });

    it('believes a record that has said so before the command only with the log', () => {
      const subject = status(wanted);
      expect(tried.observe({ subject, earlier: subject })).toEqual({ kind: 'nothing' });
      const asked = [activity(issued, 1)];
      expect(tried.observe({ subject, earlier: subject, activities: asked }).kind).toBe('accepted');
      const ended = [...asked, activity(done, 9)];
      expect(tried.observe({ subject, earlier: subject, activities: ended })).toMatchObject({
        kind: 'done',
        evidence: [{ value: wanted }, { value: done }],
      });
    });
  });
}
