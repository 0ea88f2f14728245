// Firefox for the tests in Python: reads a JSON line [what, ...words], does it, answers in one.
import readline from "node:readline";
import puppeteer from "puppeteer-core";

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.argv[2],
  headless: true,
  timeout: 180000, // a busy machine takes its time, as it does for each page
  protocolTimeout: 0,
});
const page = await browser.newPage();
page.setDefaultTimeout(180000);
await page.setViewport({ width: 320, height: 640 });

// What a click makes the browser load is waited for by whoever asks, not here.
const actions = {
  open: (address) => page.goto(address).then(() => null),
  run: (script, ...words) =>
    page.evaluate((body, all) => new Function(body).apply(null, all), script, words),
  click: (selector) => page.click(selector),
  write: (selector, text) => page.type(selector, text),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [what, ...words] = JSON.parse(line);
  try {
    console.log(JSON.stringify({ result: (await actions[what](...words)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
await browser.close();
