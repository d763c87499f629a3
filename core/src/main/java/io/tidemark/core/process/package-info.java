/** What every process of ours does: knows its build, and notices that the one that started it is gone. */
@NullMarked
package io.tidemark.core.process;

import org.jspecify.annotations.NullMarked;
