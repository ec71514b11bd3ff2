// Write the table of table.json with the writers that Node.js has: `node make.mjs`, once, in a folder where
// `npm install xlsx exceljs xlsx-populate excel4node` was called.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(process.cwd(), "package.json"));
const table = JSON.parse(readFileSync(path.join(here, "table.json"), "utf8"));
const HIRED = 7, CONVERSION = 2;
const isDay = (sheet, r, c) => r > 0 && sheet === "Сотрудники" && c === HIRED;
const isShare = (sheet, r, c) => r > 0 && sheet === "Факт" && c === CONVERSION;
const file = (name) => path.join(here, name);

function sheetjs(bookType, name) {
  const xlsx = require("xlsx");
  const book = xlsx.utils.book_new();
  for (const [title, rows] of Object.entries(table)) {
    const sheet = xlsx.utils.aoa_to_sheet(
      rows.map((row, r) => row.map((value, c) => (isDay(title, r, c) ? new Date(value) : value))),
      { UTC: true },
    );
    rows.forEach((row, r) => row.forEach((_, c) => {
      if (isShare(title, r, c)) sheet[xlsx.utils.encode_cell({ r, c })].z = "0.0%";
      if (isDay(title, r, c)) sheet[xlsx.utils.encode_cell({ r, c })].z = "yyyy-mm-dd";
    }));
    xlsx.utils.book_append_sheet(book, sheet, title);
  }
  xlsx.writeFile(book, file(name), { bookType });
}

async function exceljs() {
  const { Workbook } = require("exceljs");
  const book = new Workbook();
  for (const [title, rows] of Object.entries(table)) {
    const sheet = book.addWorksheet(title);
    rows.forEach((row, r) => row.forEach((value, c) => {
      const cell = sheet.getCell(r + 1, c + 1);
      cell.value = isDay(title, r, c) ? new Date(value) : value;
      if (isDay(title, r, c)) cell.numFmt = "dd.mm.yyyy";
      if (isShare(title, r, c)) cell.numFmt = "0.0%";
    }));
  }
  await book.xlsx.writeFile(file("exceljs.xlsx"));
}

async function populate() {
  const XlsxPopulate = require("xlsx-populate");
  const book = await XlsxPopulate.fromBlankAsync();
  for (const [title, rows] of Object.entries(table)) {
    const sheet = book.addSheet(title);
    rows.forEach((row, r) => row.forEach((value, c) => {
      const cell = sheet.cell(r + 1, c + 1).value(isDay(title, r, c) ? new Date(`${value}T00:00:00`) : value);
      if (isDay(title, r, c)) cell.style("numberFormat", "dd.mm.yyyy");
      if (isShare(title, r, c)) cell.style("numberFormat", "0.0%");
    }));
  }
  book.deleteSheet("Sheet1");
  await book.toFileAsync(file("xlsx-populate.xlsx"));
}

async function excel4node() {
  const { Workbook } = require("excel4node");
  const book = new Workbook({ dateFormat: "dd.mm.yyyy" });
  const share = book.createStyle({ numberFormat: "0.0%" });
  for (const [title, rows] of Object.entries(table)) {
    const sheet = book.addWorksheet(title);
    rows.forEach((row, r) => row.forEach((value, c) => {
      const cell = sheet.cell(r + 1, c + 1);
      if (isDay(title, r, c)) cell.date(new Date(value));
      else if (typeof value === "string") cell.string(value);
      else cell.number(value);
      if (isShare(title, r, c)) cell.style(share);
    }));
  }
  await book.writeToBuffer().then((data) => require("node:fs").writeFileSync(file("excel4node.xlsx"), data));
}

sheetjs("xlsx", "sheetjs.xlsx");
sheetjs("xlsb", "sheetjs.xlsb");
sheetjs("biff8", "sheetjs.xls");
sheetjs("ods", "sheetjs.ods");
await exceljs();
await populate();
await excel4node();
