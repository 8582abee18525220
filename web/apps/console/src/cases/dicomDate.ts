/** DICOM writes dates without separators (DA, PS3.5 6.2). */
export function isoDate(da: string): string {
  return da.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
}
