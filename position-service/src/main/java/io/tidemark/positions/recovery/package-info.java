/** Keeps every store's position in all layers, sees when one is lost and brings it back; knows layers as ports only. */
@NullMarked
package io.tidemark.positions.recovery;

import org.jspecify.annotations.NullMarked;
