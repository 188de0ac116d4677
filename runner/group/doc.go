// Package group keeps a child process and all that it starts together, so that
// none of them outlives the run. Processes that leave their group are out of reach.
package group
