// The kit in one file: the build puts the parts here, in this order (assemble.py).
export * from "./kit/element.js";
export * from "./kit/state.js";
export * from "./kit/ask.js";
export * from "./kit/hand.js";
export * from "./kit/plot.js";
export * from "./kit/heat.js";
export * from "./kit/graph.js";
export * from "./kit/link.js";
export * from "./kit/slider.js";
export * from "./kit/scrub.js";
export * from "./kit/picture.js";
export * from "./kit/paper.js";
export * from "./kit/explorable.js";
