/** Schedules in PostgreSQL: db-scheduler and the tables beside its own. */
@NullMarked
package io.tidemark.reconciler.schedule.postgres;

import org.jspecify.annotations.NullMarked;
