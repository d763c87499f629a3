/** What is done on a schedule: when, by whom, and what became of it. */
@NullMarked
package io.tidemark.reconciler.schedule;

import org.jspecify.annotations.NullMarked;
