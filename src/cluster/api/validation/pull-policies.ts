// When images are pulled. Mirrors validatePullPolicy of kubernetes pkg/apis/core/validation/validation.go @v1.36.

/** Of containers and of volumes made of images. */
export const PULL_POLICIES: readonly string[] = ["Always", "IfNotPresent", "Never"];
