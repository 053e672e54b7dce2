import { seededRandom } from "../../../server/src/lib/random.ts";
import { machine } from "../report/report.ts";
import { attacks } from "./strikes/attacks.ts";
import { awayFor } from "./strikes/away.ts";
import { dropped } from "./strikes/dropped.ts";
import { slow } from "./strikes/slow.ts";
import { clocks } from "./strikes/clocks.ts";
import { soak } from "./strikes/soak.ts";
import { bottles } from "./strikes/bottles.ts";
import { kills } from "./strikes/kills.ts";
import { master } from "./strikes/master.ts";
import type { Finding, Strike } from "./strikes/strike.ts";

export const STRIKES: Record<string, Strike> = {
  ...kills,
  ...awayFor,
  bottles,
  slow,
  dropped,
  ...attacks,
  master,
  clocks,
  soak,
};

export interface Campaign {
  seed: string;
  only: readonly string[];
  isLong: boolean;
  times: number | null;
  soakMs: number;
  note: (text: string) => void;
}

export type Findings = Record<string, Finding>;

/** One after the other; each draws from a source of its own, so that it can be repeated alone. */
export async function runCampaign(campaign: Campaign): Promise<Findings> {
  const findings: Findings = {};
  for (const name of campaign.only) {
    const note = (text: string): void => campaign.note(`${name}: ${text}`);
    const rng = seededRandom(`${campaign.seed} ${name}`);
    const { isLong, times, soakMs } = campaign;
    note(STRIKES[name]!.summary);
    findings[name] = await STRIKES[name]!.run({ rng, isLong, times, soakMs, note }).catch(
      (error: unknown) => ({
        done: "it could not be brought to its end",
        figures: {},
        faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      }),
    );
    for (const fault of findings[name].faults) note(`BROKEN: ${fault}`);
  }
  return findings;
}

export const verdictOf = ({ faults, skipped }: Finding): string => {
  if (skipped !== undefined) return "skipped";
  return faults.length === 0 ? "held" : "BROKEN";
};

/** Markdown, as `docs/reliability.md` has it. */
export function asTable(findings: Findings): string {
  const rows = Object.entries(findings).map(([name, finding]) => {
    const figures = Object.entries(finding.figures).map(([what, value]) => `${what}: ${value}`);
    const cells = [name, finding.skipped ?? finding.done, figures.join("; "), verdictOf(finding)];
    return `| ${cells.join(" | ")} |`;
  });
  const { cpu, cores, memoryBytes, node, system } = machine();
  const gigabytes = Math.round(memoryBytes / 2 ** 30);
  return [
    `${cpu}, ${cores} cores, ${gigabytes} GB, Node ${node}, ${system}`,
    "",
    "| fault | done | figures | |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}
