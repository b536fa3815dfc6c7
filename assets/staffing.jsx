// A table of numbers as a file, made in the browser from what is on the screen.
const cell = (value) => `"${String(value ?? "").replaceAll('"', '""')}"`;

export const CsvButton = ({ rows, columns, filename, children, ...rest }) => {
  const save = () => {
    const lines = [columns, ...(rows ?? []).map((row) => columns.map((name) => row[name]))];
    const text = lines.map((line) => line.map(cell).join(",")).join("\r\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = filename;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  return (
    <button {...rest} type="button" className="button button-small" onClick={save}>
      {children}
    </button>
  );
};
