/** What is asked of the database for caches that are read from it, made from the pipeline file and the tables' shapes. */
@NullMarked
package io.tidemark.core.query;

import org.jspecify.annotations.NullMarked;
