import type { SubjectName } from "./subjects.ts";

/** What was measured, the middle of the rounds, by subject: µs of CPU, or bytes. */
export type Figures = Partial<Record<SubjectName, number>>;

export const MEASURES = {
  room1000: { title: "CPU a delivery, room of 1 000", unit: "µs" },
  room10: { title: "CPU a message, room of 10", unit: "µs" },
  room2: { title: "CPU a message, room of 2", unit: "µs" },
  connection: { title: "CPU a connection made, session restored", unit: "µs" },
  memory: { title: "memory an idle connection", unit: "kB" },
} as const;
export type MeasureName = keyof typeof MEASURES;

/** At most so many times a peer's figure, or at most so much. */
interface Target {
  of: MeasureName;
  subject: SubjectName;
  peer: SubjectName | null;
  atMost: number;
}

export const TARGETS: readonly Target[] = [
  { of: "room1000", subject: "memory", peer: "raw", atMost: 1.1 },
  { of: "room1000", subject: "memory", peer: "ws", atMost: 1 / 8 },
  { of: "room10", subject: "memory", peer: "uws", atMost: 1.1 },
  { of: "room10", subject: "redis", peer: "ws", atMost: 0.8 },
  { of: "room2", subject: "memory", peer: "uws", atMost: 1.3 },
  { of: "room2", subject: "redis", peer: "ws", atMost: 0.95 },
  { of: "connection", subject: "memory", peer: "uws", atMost: 1.3 },
  { of: "memory", subject: "memory", peer: null, atMost: 9 },
];

export interface Judged {
  target: Target;
  value: number;
  held: boolean;
}

export function judgeTargets(figures: Partial<Record<MeasureName, Figures>>): Judged[] {
  return TARGETS.flatMap((target) => {
    const own = figures[target.of]?.[target.subject];
    const base = target.peer === null ? 1 : figures[target.of]?.[target.peer];
    if (own === undefined || base === undefined) return [];
    const value = own / base;
    return [{ target, value, held: value <= target.atMost }];
  });
}

export function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}
