/** The rows of the table under a heading of a Markdown text, each as its cells; without the head. */
export function tableUnder(markdown: string, heading: string): string[][] {
  const section = markdown.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1)
    .map((line) =>
      line
        .slice(1, -1)
        .replaceAll("\\|", "\0")
        .split("|")
        .map((cell) => cell.replaceAll("\0", "|").trim()),
    );
}

/** What a table of `docs/protocol.md` says last of each command or event in its first column. */
export function wordsIn(markdown: string, heading: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const [names = "", ...cells] of tableUnder(markdown, heading)) {
    for (const [, name] of names.matchAll(/`([^`]+)`/g)) words.set(name!, cells.at(-1) ?? "");
  }
  return words;
}
