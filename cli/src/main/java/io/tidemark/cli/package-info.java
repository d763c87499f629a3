/** The tidemark command: its subcommands, their options, and what a person is told when something is wrong. */
@NullMarked
package io.tidemark.cli;

import org.jspecify.annotations.NullMarked;
