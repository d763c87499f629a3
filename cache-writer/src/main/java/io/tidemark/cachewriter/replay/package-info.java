/** Applies changes once more that Kafka still holds, because a person asked for it: beside the consumers, under the fences. */
@NullMarked
package io.tidemark.cachewriter.replay;

import org.jspecify.annotations.NullMarked;
