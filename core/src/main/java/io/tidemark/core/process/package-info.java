/** How one process of ours notices that the one that started it is gone. */
@NullMarked
package io.tidemark.core.process;

import org.jspecify.annotations.NullMarked;
