/** How far every consumer group of the cluster is behind: measured, judged by a sliding window, remembered for 72 hours. */
@NullMarked
package io.tidemark.positions.lag;

import org.jspecify.annotations.NullMarked;
