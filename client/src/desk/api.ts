import type { DeskVerb, DeskVerbs, Reply, WireError } from "@driftsea/protocol";

/** An answer that is an error; `unavailable` where there was no answer at all. */
export class Refused extends Error {
  readonly error: WireError;

  constructor(error: WireError) {
    super(error.code);
    this.error = error;
  }
}

const AWAY: WireError = { code: "unavailable", message: "no answer", retryable: true };
const WITHIN_MS = 15_000;

/** One request of the desk. @throws Refused */
export async function request<V extends DeskVerb>(
  verb: V,
  payload: DeskVerbs[V]["payload"],
  token: string | null,
): Promise<DeskVerbs[V]["data"]> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), WITHIN_MS);
  let reply: Reply<DeskVerbs[V]["data"]>;
  try {
    const response = await fetch(`/desk/api/${verb}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(payload),
      credentials: "omit",
      cache: "no-store",
      signal: late.signal,
    });
    reply = (await response.json()) as typeof reply;
  } catch {
    throw new Refused(AWAY);
  } finally {
    clearTimeout(timer);
  }
  if (!reply.ok) throw new Refused(reply.error);
  return reply.data;
}
