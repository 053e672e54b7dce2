import { Screener, parseList } from "@driftsea/protocol/screening";

/** Looks through texts in this page, by the lists of this server. Throws where those cannot be had. */
export async function makeScreener(): Promise<Screener> {
  const answer = await fetch("/screening.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`the word lists could not be read: ${answer.status}`);
  const { lists } = (await answer.json()) as { lists: { name: string; text: string }[] };
  const parsed = lists.map(({ name, text }) => parseList(text, name));
  return new Screener({
    entries: parsed.flatMap((list) => list.entries),
    allow: parsed.flatMap((list) => list.allow),
  });
}
