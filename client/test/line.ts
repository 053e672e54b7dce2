import type { Page } from "playwright-core";

export interface Line {
  /** Tells the page something, as the server would. */
  tell: (event: string, payload: object) => void;
}

interface Between {
  /** The reply to a command in the server's place; undefined: the server's own. */
  answer?: (name: string, payload: Record<string, unknown>) => object | undefined;
  /** `data` of the refusal of a connection; undefined: it is let in. */
  refuse?: () => object | undefined;
  /** Whether the server's own reply to a command is lost on its way to the page. */
  lose?: (name: string) => boolean;
  /** Events that are lost on their way to the page, as where its line was dead. */
  miss?: readonly string[];
}

/** Stands between a page and its server, for what a server says only after days, or to very few. */
export async function between(page: Page, what: Between): Promise<Line> {
  const { answer, refuse, lose = () => false, miss = [] } = what;
  let tell: Line["tell"] = () => {};
  await page.routeWebSocket(/socket\.io/, (line) => {
    const server = line.connectToServer();
    const asked = new Map<string, string>();
    tell = (event, payload) => line.send(`42${JSON.stringify([event, payload])}`);
    line.onMessage((packet) => {
      const text = String(packet);
      const refusal = text.startsWith("40") ? refuse?.() : undefined;
      if (refusal) return line.send(`44${JSON.stringify({ message: "refused", data: refusal })}`);
      const [, id, body] = /^42(\d+)(\[.*)$/s.exec(text) ?? [];
      if (id !== undefined && body !== undefined) {
        const [name, payload] = JSON.parse(body) as [string, Record<string, unknown>];
        const reply = answer?.(name, payload);
        if (reply) return line.send(`43${id}${JSON.stringify([reply])}`);
        asked.set(id, name);
      }
      server.send(packet);
    });
    server.onMessage((packet) => {
      const text = String(packet);
      if (miss.some((event) => text.startsWith(`42["${event}"`))) return;
      const [, id = ""] = /^43(\d+)\[/.exec(text) ?? [];
      const name = asked.get(id);
      if (name === undefined || !lose(name)) line.send(packet);
    });
  });
  return { tell: (event, payload) => tell(event, payload) };
}

export const refusal = (code: string, more: object = {}): object => ({
  ok: false,
  error: { code, message: code, retryable: false, ...more },
});
