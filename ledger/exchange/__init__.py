"""What goes in and out of the ledger as files of other people's making: bank files in, bundles and workbooks out."""
