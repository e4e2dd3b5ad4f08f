// logcheck is a second opinion on a downloaded ledger: written from docs/LEDGER_FORMAT.md on the
// tree and note packages of Go's own checksum database, it shares no line with pdx-verify.
//
//	logcheck log DIR VKEY [SIZE...]    checks every file against the signed root, then prints the
//	                                   root of each prefix, its consistency proof to the whole, and
//	                                   the inclusion proof of its last entry
//	logcheck receipt FILE VKEY         checks a .tlog-proof
//
// Whether entries are canonical JSON is left to others. Exit status: 0 holds, 1 does not.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

func check(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func refuse(format string, args ...interface{}) { check(fmt.Errorf(format, args...)) }

func read(path string) []byte {
	data, err := os.ReadFile(path)
	check(err)
	return data
}

// openCheckpoint verifies a signed note and reads origin, size and root from it.
func openCheckpoint(signed []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	check(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		refuse("the checkpoint is not of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	if size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		refuse("size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}

// folder serves tiles; x/mod has the tile height in its paths, tlog-tiles has not.
type folder string

func (f folder) path(t tlog.Tile) string {
	return filepath.Join(string(f), strings.Replace(t.Path(), "tile/8/", "tile/", 1))
}
func (f folder) Height() int                         { return 8 }
func (f folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, t := range tiles {
		data = append(data, read(f.path(t)))
	}
	return data, nil
}

// entries cuts a bundle, which holds as many entries as its tile has hashes and nothing else.
func (f folder) entries(n int64, count int) (entries [][]byte) {
	path := strings.Replace(f.path(tlog.Tile{H: 8, L: 0, N: n, W: count}), "tile/0/", "tile/entries/", 1)
	data := read(path)
	for ; count > 0; count-- {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			refuse("%s ends early", path)
		}
		length := int(binary.BigEndian.Uint16(data))
		entries, data = append(entries, data[2:2+length]), data[2+length:]
	}
	if len(data) != 0 {
		refuse("%s has bytes behind its last entry", path)
	}
	return entries
}

func show(kind string, n int64, hashes []tlog.Hash) {
	fmt.Print(kind, " ", n)
	for _, hash := range hashes {
		fmt.Print(" ", hash)
	}
	fmt.Println()
}

func checkLog(f folder, vkey string, sizes []string) {
	tree := openCheckpoint(read(filepath.Join(string(f), "checkpoint")), vkey)
	var all []tlog.Hash // computed from the entries alone
	mine := tlog.HashReaderFunc(func(indexes []int64) (hashes []tlog.Hash, err error) {
		for _, i := range indexes {
			hashes = append(hashes, all[i])
		}
		return hashes, nil
	})
	for n := int64(0); n < tree.N; n += width {
		count := width
		if tree.N-n < width {
			count = int(tree.N - n)
		}
		for i, entry := range f.entries(n/width, count) {
			hashes, err := tlog.StoredHashes(n+int64(i), entry, mine)
			check(err)
			all = append(all, hashes...)
		}
	}
	rootOf := func(n int64) tlog.Hash {
		if n == 0 { // x/mod 0.7 has no tree without leaves
			hash, err := tlog.ParseHash("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
			check(err)
			return hash
		}
		hash, err := tlog.TreeHash(n, mine)
		check(err)
		return hash
	}
	if rootOf(tree.N) != tree.Hash {
		refuse("the entries have root %v, signed is %v", rootOf(tree.N), tree.Hash)
	}
	for _, t := range tlog.NewTiles(8, 0, tree.N) {
		if t.W != width && int64(t.W) != tree.N>>(8*uint(t.L))%width {
			continue // a partial tile of a smaller size
		}
		data, err := tlog.ReadTileData(t, mine)
		check(err)
		if !bytes.Equal(data, read(f.path(t))) {
			refuse("%s is not the tile of these entries", f.path(t))
		}
	}
	fmt.Println("size", tree.N, tree.Hash)
	theirs := tlog.TileHashReader(tree, f) // from the tiles, each proven by the root
	for _, text := range sizes {
		n, err := strconv.ParseInt(text, 10, 64)
		check(err)
		show("root", n, []tlog.Hash{rootOf(n)})
		if n == 0 {
			continue
		}
		consistency, err := tlog.ProveTree(tree.N, n, theirs)
		check(err)
		check(tlog.CheckTree(consistency, tree.N, tree.Hash, n, rootOf(n)))
		show("consistency", n, consistency)
		inclusion, err := tlog.ProveRecord(tree.N, n-1, theirs)
		check(err)
		check(tlog.CheckRecord(inclusion, tree.N, tree.Hash, n-1, all[tlog.StoredHashIndex(0, n-1)]))
		show("inclusion", n-1, inclusion)
	}
}

func checkReceipt(path, vkey string) {
	head, signed, _ := bytes.Cut(read(path), []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") ||
		!strings.HasPrefix(lines[2], "index ") {
		refuse("no receipt")
	}
	entry, err := base64.StdEncoding.Strict().DecodeString(lines[1][len("extra "):])
	check(err)
	index, err := strconv.ParseInt(lines[2][len("index "):], 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		check(err)
		proof = append(proof, hash)
	}
	tree := openCheckpoint(signed, vkey)
	if index < 0 || index >= tree.N {
		refuse("index %d in a tree of %d", index, tree.N)
	}
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	fmt.Println("entry", index, "of", tree.N)
}

func main() {
	switch {
	case len(os.Args) >= 4 && os.Args[1] == "log":
		checkLog(folder(os.Args[2]), os.Args[3], os.Args[4:])
	case len(os.Args) == 4 && os.Args[1] == "receipt":
		checkReceipt(os.Args[2], os.Args[3])
	default:
		refuse("usage: logcheck log DIR VKEY [SIZE...] | logcheck receipt FILE VKEY")
	}
}
