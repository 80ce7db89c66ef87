// An image without a version is another image tomorrow.

import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { Check } from "../target-view.ts";

export const unpinnedImage = defineDiagnostic<{ object: string; image: string }>({
  code: "verify/unpinned-image",
  severity: "error",
  message: ({ object, image }) => `${object}: image ${image} has no version`,
  hint: ({ image }) => `write ${image.replace(/:latest$/, "")}:<version>`,
});

export const checkPinnedImages: Check = function* ({ pods }) {
  for (const { compiled, containers } of pods) {
    for (const { image } of containers) {
      if (isPinned(image)) continue;
      yield unpinnedImage(compiled.origin.path, {
        object: displayRef(refOf(compiled.object)),
        image,
      });
    }
  }
};

export function isPinned(image: string): boolean {
  const name = image.slice(image.lastIndexOf("/") + 1);
  return image.includes("@sha256:") || (/:[\w.-]+$/.test(name) && !name.endsWith(":latest"));
}
