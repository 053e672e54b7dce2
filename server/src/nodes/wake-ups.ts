/** Carries texts between processes, on `PARTITIONS` channels. At most once; nothing of it is stored. */
export interface WakeUps {
  /** Resolves when every partition is heard; from then on, also after an outage, by itself. */
  open(hear: (partition: number, text: string) => void): Promise<void>;
  /** Whether they are heard at this moment, as far as it is known. */
  readonly isOpen: boolean;
  /** Resolves when every process that can hear will hear it before what is published after. */
  publish(partition: number, text: string): Promise<void>;
  /** The key of one day, the same for all; made where there is none. */
  key(day: number): Promise<Buffer>;
  close(): void;
}
