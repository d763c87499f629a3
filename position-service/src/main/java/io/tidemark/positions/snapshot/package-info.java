/** Positions on this machine's disk: one sealed JSON file, written beside and renamed into place, with its history. */
@NullMarked
package io.tidemark.positions.snapshot;

import org.jspecify.annotations.NullMarked;
