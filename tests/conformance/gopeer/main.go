// Gopeer checks a published Mingzhang log with golang.org/x/mod alone: not one line of ours takes part.
//
//	gopeer log <bundle folder> <vkey>
//	gopeer proof <file.tlog-proof> <entry file> <vkey>
//
// "log" opens the checkpoint, hashes every entry of the bundles, compares the root and the bytes of every tile, and then
// reads the tree back through the tiles: inclusion proofs of entries and consistency proofs from the sizes after them, of
// every entry of a log up to 1,000.
// "proof" opens the checkpoint of an offline proof and checks that the entry stands in its tree. The vkey is of type 01.
// On success it prints "ok <size> <root in hex>".
//
// Build, with Debian's golang-golang-x-mod-dev:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o gopeer main.go
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	var tree tlog.Tree
	var err error
	switch {
	case len(os.Args) == 4 && os.Args[1] == "log":
		tree, err = checkLog(os.Args[2], os.Args[3])
	case len(os.Args) == 5 && os.Args[1] == "proof":
		tree, err = checkProof(os.Args[2], os.Args[3], os.Args[4])
	default:
		fmt.Fprintln(os.Stderr, "usage: gopeer log <folder> <vkey> | gopeer proof <proof> <entry> <vkey>")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gopeer:", err)
		os.Exit(1)
	}
	fmt.Printf("ok %d %x\n", tree.N, tree.Hash[:])
}

// openHead opens a checkpoint under one key; its origin must be the key's name.
func openHead(data []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("tree size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// A folder reads tiles from below a bundle.
type folder string

// file is where a tile lies: Go's path without the height, which tlog-tiles fixes.
func (f folder) file(tile tlog.Tile) string {
	parts := strings.SplitN(tile.Path(), "/", 3)
	if tile.L == -1 {
		return filepath.Join(string(f), "tile", "entries", strings.TrimPrefix(parts[2], "data/"))
	}
	return filepath.Join(string(f), "tile", parts[2])
}

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(f.file(tile))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads the bundle that lies beside a tile of leaf hashes.
func (f folder) entries(tile tlog.Tile) ([][]byte, error) {
	tile.L = -1
	data, err := os.ReadFile(f.file(tile))
	if err != nil {
		return nil, err
	}
	var found [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s ends inside an entry", f.file(tile))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		found = append(found, data[2:end])
		data = data[end:]
	}
	if len(found) != tile.W {
		return nil, fmt.Errorf("%s has %d entries, not %d", f.file(tile), len(found), tile.W)
	}
	return found, nil
}

// tilesOf lists the tiles of a tree. NewTiles of some versions names every narrower form of a partial tile before it.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for _, tile := range tlog.NewTiles(height, 0, size) {
		last := len(tiles) - 1
		if last >= 0 && tiles[last].L == tile.L && tiles[last].N == tile.N {
			tiles[last] = tile
		} else {
			tiles = append(tiles, tile)
		}
	}
	return tiles
}

func checkLog(path, vkey string) (tree tlog.Tree, err error) {
	bundle := folder(path)
	data, err := os.ReadFile(filepath.Join(path, "checkpoint"))
	if err != nil {
		return tree, err
	}
	if tree, err = openHead(data, vkey); err != nil {
		return tree, err
	}

	// What the entries hash to, each complete subtree in Go's order of storage.
	var stored, leaves []tlog.Hash
	storage := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hashes []tlog.Hash
		for _, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, errors.New("a hash beyond the tree")
			}
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	tiles := tilesOf(tree.N)
	for _, tile := range tiles {
		if tile.L != 0 {
			continue
		}
		entries, err := bundle.entries(tile)
		if err != nil {
			return tree, err
		}
		for _, entry := range entries {
			leaf := tlog.RecordHash(entry)
			hashes, err := tlog.StoredHashesForRecordHash(int64(len(leaves)), leaf, storage)
			if err != nil {
				return tree, err
			}
			stored = append(stored, hashes...)
			leaves = append(leaves, leaf)
		}
	}
	root := tlog.Hash(sha256.Sum256(nil)) // Debian's version gives the empty tree zeros
	if tree.N > 0 {
		if root, err = tlog.TreeHash(tree.N, storage); err != nil {
			return tree, err
		}
	}
	if int64(len(leaves)) != tree.N || root != tree.Hash {
		return tree, fmt.Errorf("%d entries hash to %v, the head says %d and %v", len(leaves), root, tree.N, tree.Hash)
	}
	for _, tile := range tiles {
		want, err := tlog.ReadTileData(tile, storage)
		if err != nil {
			return tree, err
		}
		have, err := bundle.ReadTiles([]tlog.Tile{tile})
		if err != nil {
			return tree, err
		}
		if !bytes.Equal(want, have[0]) {
			return tree, fmt.Errorf("%s is not what the entries hash to", bundle.file(tile))
		}
	}

	// The same tree through the tiles, which this reader checks against the head before it believes them.
	// It reads its tiles anew for every proof, so of a long log a thousand places have to do, the last among them.
	reader := tlog.TileHashReader(tree, bundle)
	step := (len(leaves) + 999) / 1000
	for index := len(leaves) - 1; index >= 0; index -= step {
		leaf := leaves[index]
		proof, err := tlog.ProveRecord(tree.N, int64(index), reader)
		if err != nil {
			return tree, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), leaf); err != nil {
			return tree, err
		}
		size := int64(index) + 1
		old, err := tlog.TreeHash(size, storage)
		if err != nil {
			return tree, err
		}
		grown, err := tlog.ProveTree(tree.N, size, reader)
		if err != nil {
			return tree, err
		}
		if err := tlog.CheckTree(grown, tree.N, tree.Hash, size, old); err != nil {
			return tree, err
		}
	}
	return tree, nil
}

func checkProof(path, entryPath, vkey string) (tree tlog.Tree, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tree, err
	}
	entry, err := os.ReadFile(entryPath)
	if err != nil {
		return tree, err
	}
	front, head, ok := strings.Cut(string(data), "\n\n")
	lines := strings.Split(front, "\n")
	if !ok || lines[0] != "c2sp.org/tlog-proof@v1" {
		return tree, errors.New("not a tlog-proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return tree, errors.New("a proof without index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return tree, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		value, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(value) != tlog.HashSize {
			return tree, fmt.Errorf("hash %q", line)
		}
		proof = append(proof, *(*tlog.Hash)(value))
	}
	if tree, err = openHead([]byte(head), vkey); err != nil {
		return tree, err
	}
	return tree, tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}
