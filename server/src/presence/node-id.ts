/** Which process a drifter is connected to. Fresh at each start. */
export type NodeId = string;
