/** Edges after which a search may be interrupted. */
const STEPS = 20_000;

/**
 * The blocks of an undirected graph: sets of at least two that stay connected whichever one of them
 * is taken away. Hopcroft and Tarjan, "Efficient algorithms for graph manipulation" (1973), without
 * recursion. Costs O(nodes + edges). Now and then it gives null, so that whoever asks may rest.
 *
 * `place` says where the node is to which an edge leads: its index and 1, and 0 or nothing where the
 * edge leads out of the graph. Without it an edge is an index.
 */
export function* blocksOf(
  edges: readonly (readonly number[])[],
  place?: Int32Array,
): Generator<number[] | null> {
  const order = new Int32Array(edges.length);
  const low = new Int32Array(edges.length);
  const next = new Int32Array(edges.length);
  const parent = new Int32Array(edges.length).fill(-1);
  const waiting: number[] = [];
  /** Goes on along the edges of a node to one that was not met; -1 where there is none any more. */
  const onward = (at: number): number => {
    const own = edges[at]!;
    const from = parent[at]!;
    let lowest = low[at]!;
    let i = next[at]!;
    let found = -1;
    while (found < 0 && i < own.length) {
      const to = place ? (place[own[i]!] ?? 0) - 1 : own[i]!;
      i += 1;
      if (to < 0 || to === from) continue;
      const met = order[to]!;
      if (met === 0) found = to;
      else if (met < lowest) lowest = met;
    }
    steps += i - next[at]!;
    next[at] = i;
    low[at] = lowest;
    return found;
  };
  let [time, steps] = [0, 0];
  for (let root = 0; root < edges.length; root += 1) {
    if (order[root] !== 0) continue;
    time += 1;
    order[root] = low[root] = time;
    waiting.push(root);
    let at = root;
    for (;;) {
      const to = onward(at);
      if (steps > STEPS) {
        steps = 0;
        yield null;
      }
      if (to >= 0) {
        time += 1;
        order[to] = low[to] = time;
        parent[to] = at;
        waiting.push(to);
        at = to;
        continue;
      }
      const up = parent[at]!;
      if (up < 0) break;
      low[up] = Math.min(low[up]!, low[at]!);
      if (low[at]! >= order[up]!) {
        const block = [up];
        let member: number;
        do {
          member = waiting.pop()!;
          block.push(member);
        } while (member !== at);
        yield block;
      }
      at = up;
    }
    waiting.pop();
  }
}
