/** What the command shows: lines, the live line, the progress bar and tables. */
@NullMarked
package io.tidemark.cli.screen;

import org.jspecify.annotations.NullMarked;
