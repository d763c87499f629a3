/** Reading shapes and rows from a real PostgreSQL. */
package io.tidemark.systemtests.rows;
