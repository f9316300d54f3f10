/// Of the whole program: command, master and worker are one executable.
package let slipwayVersion = "0.1.0"
