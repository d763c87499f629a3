/** How a command fails: the words for a person and the exit code for a script. */
@NullMarked
package io.tidemark.cli.failure;

import org.jspecify.annotations.NullMarked;
