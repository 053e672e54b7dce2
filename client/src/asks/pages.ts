import type { BoxAnswer } from "@driftsea/protocol";

/** Answers as they are laid out, those given last first, and where the next page begins; null behind the last. */
export interface Pages {
  answers: readonly BoxAnswer[];
  cursor: string | null;
}

/** The next page lies below; what one has of it already is not laid out twice. */
export function withPage(pages: Pages, page: Pages): Pages {
  const known = new Set(pages.answers.map(({ id }) => id));
  const fresh = page.answers.filter(({ id }) => !known.has(id));
  return { answers: [...pages.answers, ...fresh], cursor: page.cursor };
}

/**
 * The first page again, after one was away: what is older than all of it stays as it lies. Where the
 * two have nothing in common, what lies between was missed, and one begins anew.
 */
export function withFirstPage(pages: Pages, page: Pages): Pages {
  const there = new Set(page.answers.map(({ id }) => id));
  let reach = -1;
  pages.answers.forEach(({ id }, i) => {
    if (there.has(id)) reach = i;
  });
  const older = reach < 0 || page.cursor === null ? [] : pages.answers.slice(reach + 1);
  return {
    answers: [...page.answers, ...older],
    cursor: older.length === 0 ? page.cursor : pages.cursor,
  };
}

/** It was answered just now. */
export function withAnswer(pages: Pages, answer: BoxAnswer): Pages {
  if (pages.answers.some(({ id }) => id === answer.id)) return pages;
  return { ...pages, answers: [answer, ...pages.answers] };
}
