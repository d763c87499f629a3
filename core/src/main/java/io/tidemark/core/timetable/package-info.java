/** When something that recurs is to happen next. */
@NullMarked
package io.tidemark.core.timetable;

import org.jspecify.annotations.NullMarked;
